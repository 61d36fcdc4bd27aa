/**
 * The verb `squash`: old migrations become one baseline, proven to give a fresh database the same;
 * databases that have them go on without doing anything. What is folded must be in git, or is copied.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import { foldLock, hashMigration, writeLock, type Lock, numberText } from '../sql/migrations-lock.ts';
import { explainFileError } from '../workspace/file-errors.ts';
import { finishWriting, isWritingUnfinished, listFiles, writeFiles } from '../workspace/files.ts';
import { readHistory, type History } from '../workspace/history.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { compileWorkspace } from './compile.ts';
import { isOutput } from './outputs.ts';
import type { CommandResult, Report } from './result.ts';
import { makeBaseline } from './squash-baseline.ts';

export interface SquashArguments {
  readonly root: string;
  /** The number of the last migration to fold; the last one of all where absent. */
  readonly to?: string;
  /** Where the files that are folded are copied to; without it they must be committed. */
  readonly archive?: string;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
  readonly report: Report;
}

export async function squashCommand(given: SquashArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  return squash(workspace, given).catch((error: unknown) => explainFileError(error, workspace));
}

async function squash(workspace: Workspace, given: SquashArguments): Promise<CommandResult> {
  if (isWritingUnfinished(workspace.generated)) finishWriting(workspace.generated);
  const history = await readHistory(workspace);
  const folded = entriesToFold(history, given.to);
  const paths = filesOf(workspace, folded);
  if (given.archive === undefined) refuseUncommitted(workspace, paths);
  const number = numberText(Number.parseInt(folded.at(-1)?.name ?? '0', 10));
  const name = `${number}_baseline`;
  given.report(`proving that ${name} gives what ${String(folded.length)} migrations give`);
  const baseline = await makeBaseline({ workspace, history, folded, name, ...engineOf(given), loader: given.loader });
  if (given.archive !== undefined) archive(workspace, paths, resolve(given.root, given.archive));
  const lock = [foldLock(folded, name, hashMigration(baseline.text)), ...history.lock.slice(folded.length)];
  await write(workspace, { paths, lock, name, text: baseline.text });
  const left = await refresh(workspace, given);
  const names = folded.map((entry) => entry.name);
  return {
    exitCode: 0,
    diagnostics: baseline.diagnostics,
    json: { baseline: name, folded: names, proven: baseline.proven, diagnostics: baseline.diagnostics },
    lines: [
      `wrote generated/migrations/${name}.sql`,
      ...names.map((each) => `  folded ${each}`),
      `a fresh database gets the same both ways: ${baseline.proven}`,
      `a database that has all of them goes on without doing anything; the files are ${given.archive === undefined ? 'in git' : `in ${given.archive}`}`,
      ...left,
    ],
  };
}

function engineOf({ engine }: SquashArguments): { readonly engine?: string } {
  return engine === undefined ? {} : { engine };
}

function entriesToFold({ lock }: History, to: string | undefined): Lock {
  const number = to === undefined ? undefined : Number(/^(\d+)(?:_.*)?$/s.exec(to)?.[1]);
  const last = lock.findIndex(({ name }) => Number.parseInt(name, 10) === number);
  if (to !== undefined && last === -1) {
    fail('unknown-migration', `--to ${to}: there is no migration of that number`, {
      hint: lock.length === 0 ? 'the folder holds no migrations yet' : `the last one is ${lock.at(-1)?.name ?? ''}`,
    });
  }
  const folded = to === undefined ? lock : lock.slice(0, last + 1);
  if (folded.length < 2) {
    fail('squash-nothing', `there ${folded.length === 1 ? 'is one migration' : 'are no migrations'} to fold: nothing would be gained`);
  }
  return folded;
}

/** The migrations and their change reports, relative to generated/. */
function filesOf(workspace: Workspace, folded: Lock): readonly string[] {
  const names = new Set(folded.flatMap(({ name }) => [`migrations/${name}.sql`, `changes/${name}.md`]));
  return listFiles(workspace.generated).filter((path) => names.has(path));
}

/** What git does not have would be gone. */
function refuseUncommitted(workspace: Workspace, paths: readonly string[]): void {
  const files = paths.map((path) => join('generated', path));
  const problems = uncommitted(workspace, files).map((file): Diagnostic => ({
    code: 'squash-uncommitted',
    severity: 'error',
    message: `${file} would be removed, and git does not have it as it is`,
    hint: 'commit it first, or copy what is folded elsewhere: npx schemac squash --archive FOLDER',
  }));
  if (problems.length > 0) throw new DiagnosticError(problems);
}

function uncommitted({ root }: Workspace, files: readonly string[]): readonly string[] {
  const git = (...words: readonly string[]): readonly string[] =>
    execFileSync('git', [...words, '-z', '--', ...files], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\0')
      .filter((line) => line !== '');
  try {
    const known = new Set(git('ls-files').map((path) => join(path)));
    const changed = new Set(git('diff', 'HEAD', '--name-only', '--relative').map((path) => join(path)));
    return files.filter((file) => !known.has(file) || changed.has(file));
  } catch {
    // No git, no repository, or no commit yet.
    return files;
  }
}

function archive(workspace: Workspace, paths: readonly string[], folder: string): void {
  for (const path of [...paths, 'migrations/migrations.lock']) {
    const target = join(folder, path);
    mkdirSync(resolve(target, '..'), { recursive: true });
    copyFileSync(join(workspace.generated, path), target);
  }
}

interface Written {
  readonly paths: readonly string[];
  readonly lock: Lock;
  readonly name: string;
  readonly text: string;
}

/** Without the snapshot, which tells the order of columns too: it is read again from the new way. */
async function write(workspace: Workspace, { paths, lock, name, text }: Written): Promise<void> {
  const { generated } = workspace;
  const gone = new Set(paths);
  const kept = listFiles(generated).filter((path) => !gone.has(path));
  const files = new Map(kept.map((path) => [path, readFileSync(join(generated, path), 'utf8')]));
  files.set(`migrations/${name}.sql`, text).set('migrations/migrations.lock', writeLock(lock));
  files.delete('snapshot.json');
  const order = [`migrations/${name}.sql`, 'migrations/migrations.lock'];
  await writeFiles(generated, files, { order, isOurs: (path) => gone.has(path) || path === 'snapshot.json' });
}

/** The documents and the snapshot as check will have them; where schema/ asks for a migration, the next compile writes them. */
async function refresh(workspace: Workspace, { root, loader, engine, report }: SquashArguments): Promise<readonly string[]> {
  const given = { root, loader, report, allow: [], history: 'extend', ...(engine === undefined ? {} : { engine }) } as const;
  const outcome = await compileWorkspace(workspace, given, 'migrations').catch((error: unknown) => {
    if (error instanceof DiagnosticError) return undefined;
    throw error;
  });
  if (outcome === undefined || outcome.compiled.migrations.length > 0 || outcome.diagnostics.some(({ severity }) => severity === 'error'))
    return ['schema/ asks for a migration of its own: npm run compile writes it, and the documents'];
  await writeFiles(workspace.generated, outcome.files, { order: ['migrations/migrations.lock', 'snapshot.json'], isOurs: isOutput });
  return [];
}
