/**
 * Where a compile stands: the migrations so far, what they lead to, and engines that hold it. Each
 * migration that a compile writes goes on from where the one before it left off.
 */
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { openEngine, type EngineRequest } from '../engine/open.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { sameJson, type State } from '../model/object.ts';
import { replay } from '../prove/replay.ts';
import { onlyExternals, withoutExternals } from '../workspace/external.ts';
import { cachedFile } from '../workspace/head-cache.ts';
import { parsedMigrations, type History } from '../workspace/history.ts';
import { readSnapshot, type Snapshot } from '../workspace/snapshot.ts';
import type { CompileRequest } from './compile-schema.ts';

export interface Standing {
  readonly history: History;
  /** The state after the last migration: physical order, externals and all. */
  readonly snapshot: Snapshot;
  /** An engine that holds the state, without rows of a proof; whoever takes it uses it up. */
  readonly engine?: Engine;
}

/** The number of the migration that comes next. */
export function nextNumber({ history }: Standing): number {
  return Number.parseInt(history.lock.at(-1)?.name ?? '0', 10) + 1;
}

/** Engines of one compile; all are closed when it ends. */
export interface EngineShelf {
  /** The engine that an earlier compile kept of the state after the last migration, if one did; whoever uses it leaves it as it was. */
  readonly kept: () => Promise<Engine | undefined>;
  /** An engine that holds nothing; whoever uses it leaves it so. */
  readonly empty: () => Promise<Engine>;
  /** An engine that holds a state, for one use. */
  readonly holding: (standing: Standing) => Promise<Engine>;
  readonly close: () => Promise<void>;
}

export function engineShelf(request: CompileRequest, engineRequest: EngineRequest): EngineShelf {
  const opened = new Set<Engine>();
  const used = new Set<Engine>();
  const extensions = engineRequest.extensions ?? [];
  const onShelf = <Found extends Engine | undefined>(engine: Found): Found => {
    if (engine !== undefined) opened.add(engine);
    return engine;
  };
  const takeState = async (head: string): Promise<Engine | undefined> =>
    request.trust === 'snapshot' ? onShelf(await request.warm.takeState(head, extensions)) : undefined;
  let kept: Promise<Engine | undefined> | undefined;
  let empty: Promise<Engine> | undefined;
  const emptyOne = async (): Promise<Engine> => {
    empty ??= request.warm.take(extensions).then(onShelf);
    const engine = await empty;
    return used.has(engine) ? onShelf(await openEngine(engineRequest)) : engine;
  };
  const unused = (engine: Engine | undefined): Engine | undefined => (engine === undefined || used.has(engine) ? undefined : engine);
  return {
    kept: () => (kept ??= takeState(request.history.head)),
    empty: emptyOne,
    holding: async ({ engine, history }) => {
      const isLast = history.head === request.history.head;
      const found =
        unused(engine) ??
        (isLast ? unused(await kept) : undefined) ??
        (await takeState(history.head)) ??
        (await replayed(await emptyOne(), history));
      used.add(found);
      return found;
    },
    close: async () => {
      for (const engine of opened) await engine.close();
    },
  };
}

async function replayed(engine: Engine, history: History): Promise<Engine> {
  await replay(engine, parsedMigrations(history));
  if (history.head !== '') await engine.keep(history.head);
  return engine;
}

/** The snapshot of the last migration where it may be trusted and is of this engine's spelling; of one before it, as --amend needs it, from the cache. */
export function trustedSnapshot(engine: string, { trust, history, workspace, declared }: CompileRequest): Snapshot | undefined {
  if (trust === 'migrations') return undefined;
  // A state knows the rows of what were lookup tables when it was read.
  const references = declared.referenceTables ?? [];
  const usable = (snapshot: Snapshot | undefined): Snapshot | undefined =>
    snapshot?.head === history.head && snapshot.engine === engine && sameJson(snapshot.references ?? [], references) ? snapshot : undefined;
  const cached = cachedFile(workspace, 'snapshots', history.head);
  return (
    usable(readSnapshot(join(workspace.generated, 'snapshot.json'))) ?? (cached === undefined ? undefined : usable(readSnapshot(cached)))
  );
}

/** What the migrations lead to, found out by running them all; the engine holds it afterwards. */
export async function replayedStanding(engine: Engine, request: CompileRequest): Promise<Standing> {
  const { history } = request;
  if (history.lock.length > 0) request.report(`replaying ${history.lock.length} migrations`);
  const { state, carried, externals } = await replay(engine, parsedMigrations(history), request.declared.referenceTables);
  return {
    history,
    snapshot: {
      head: history.head,
      engine: engine.identity.name,
      externals,
      carried,
      state,
      ...referencesOf(request.declared),
      reports: {},
    },
    engine,
  };
}

/** External tables are what is declared of them now, whatever a stub once was. */
export function withExternals(state: State, desired: State, externals: ReadonlySet<Address>): State {
  return new Map([...withoutExternals(state, externals), ...onlyExternals(desired, externals)]);
}

/** Which tables are lookup tables goes with the state that holds their rows. */
export function referencesOf({ referenceTables }: DeclaredSchema): Pick<Snapshot, 'references'> {
  return referenceTables === undefined ? {} : { references: referenceTables };
}
