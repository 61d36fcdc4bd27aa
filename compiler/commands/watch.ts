/**
 * `compile --watch`: a compile at each change of schema/, always amending the one migration that this
 * watch began, so that a session of edits leaves one. Engines are started while nothing happens. It
 * prints nothing itself; a mistake is a result like any other, and watching goes on.
 */
import { amendHistory } from '../workspace/amend.ts';
import { readHistory } from '../workspace/history.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { engineRequestOf } from './engine-request.ts';
import { compileCommand, type CompileArguments } from './compile.ts';
import type { CommandResult } from './result.ts';
import type { Planner } from '../workload/planner.ts';
import { plannerFor, rehearsedEngines, type WarmEngine } from './warm-engine.ts';

export interface WatchArguments extends Omit<CompileArguments, 'warm'> {
  /** Takes the outcome of each run, and how long it took in milliseconds. */
  readonly show: (outcome: Promise<CommandResult>, milliseconds: () => number) => Promise<void>;
  /** Watching ends when it is aborted. */
  readonly signal: AbortSignal;
}

/** Editors write a file in several steps; what follows within this time belongs to the same save. */
const settleMilliseconds = 20;

export async function watchCommand(given: WatchArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  const { watch } = await import('chokidar');
  const watcher = watch(workspace.schema, { ignoreInitial: true });
  const changes = changeQueue(given.signal);
  watcher.on('all', (event) => {
    if (event !== 'addDir') changes.add();
  });
  await new Promise<void>((ready) => watcher.once('ready', ready));
  const session: Session = {
    workspace,
    given,
    own: given.history === 'amend' ? await lastCompile(workspace) : [],
    planner: undefined,
  };
  let warm = await engineFor(session);
  try {
    do {
      await runOnce(session, warm);
      warm = await engineFor(session);
    } while (await changes.next());
  } finally {
    await watcher.close();
    await warm.release();
    await session.planner?.release();
  }
  return { exitCode: 0, diagnostics: [], json: {}, lines: [] };
}

interface Session {
  readonly workspace: Workspace;
  readonly given: WatchArguments;
  /** The migrations of the last compile of this watch, the only ones that it may amend. */
  own: readonly string[];
  /** One for all runs: it grows quicker with each. */
  planner: Planner | undefined;
}

async function runOnce(session: Session, warm: WarmEngine): Promise<void> {
  const start = performance.now();
  const outcome = compileOnce(session, warm);
  await session.given.show(outcome, () => performance.now() - start);
  // Where it failed before the engines were asked for.
  await warm.release();
}

async function compileOnce(session: Session, warm: WarmEngine): Promise<CommandResult> {
  const { lock } = await readHistory(session.workspace);
  const isOwn = lock.length > 0 && lock.at(-1)?.name === session.own.at(-1);
  const result = await compileCommand({ ...session.given, history: isOwn ? 'amend' : 'extend', warm });
  const written = (result.json as { readonly migrations?: readonly string[] } | undefined)?.migrations ?? [];
  if (result.exitCode === 0) session.own = written.length === 0 ? [] : await lastCompile(session.workspace);
  return result;
}

/** The migrations that an amending compile replaces. */
async function lastCompile(workspace: Workspace): Promise<readonly string[]> {
  return (await readHistory(workspace)).lock.length === 0 ? [] : amendHistory(workspace).reopened.map(({ name }) => name);
}

/** The engines that the next run will want: an empty one, and one at the migration before its own. */
async function engineFor(session: Session): Promise<WarmEngine> {
  const { workspace, given, own } = session;
  // A history that does not hold together is said by the run itself.
  const lock = await readHistory(workspace).then(
    (history) => history.lock,
    () => [],
  );
  const isOwn = own.length > 0 && lock.at(-1)?.name === own.at(-1);
  const state = lock.at(isOwn ? -1 - own.length : -1)?.chainedHash;
  const request = engineRequestOf(workspace, given.engine);
  session.planner ??= plannerFor(workspace, request, 'many');
  return rehearsedEngines(request, state, session.planner);
}

interface ChangeQueue {
  readonly add: () => void;
  /** Waits for changes and until they settle; false when watching is to end. */
  readonly next: () => Promise<boolean>;
}

function changeQueue(signal: AbortSignal): ChangeQueue {
  let pending = false;
  let wake = (): void => undefined;
  signal.addEventListener('abort', () => wake());
  return {
    add: () => {
      pending = true;
      wake();
    },
    next: async () => {
      while (!pending && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      while (pending && !signal.aborted) {
        pending = false;
        await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
      }
      return !signal.aborted;
    },
  };
}
