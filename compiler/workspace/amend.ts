/**
 * Taking migrations back before they are applied: `--amend` replaces the last one, `--rebase` makes
 * those of this branch anew on top of those of the other. What was allowed stays allowed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DiagnosticError, fail, type Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import { readMigration, type MigrationFile } from '../sql/migration-file.ts';
import { hashMigration, readLock, type LockEntry } from '../sql/migrations-lock.ts';
import { listFiles } from './files.ts';
import { readHistory, type History } from './history.ts';
import type { Workspace } from './workspace.ts';

/** The migrations that stay, and those that are made anew. */
export interface Reopened {
  readonly history: History;
  readonly reopened: readonly MigrationFile[];
}

/** The history without its last migration. */
export async function amendHistory(workspace: Workspace): Promise<Reopened> {
  const history = await readHistory(workspace);
  const last = history.files.at(-1);
  if (last === undefined) return fail('nothing-to-amend', 'there is no migration to amend', { hint: 'run npm run compile' });
  return { history: historyBefore(history, history.files.length - 1), reopened: [last] };
}

function historyBefore(history: History, count: number): History {
  const files = history.files.slice(0, count);
  const lock = history.lock.slice(0, count);
  return { files, lock, head: lock.at(-1)?.chainedHash ?? '', texts: new Map(files.map(({ name }) => [name, history.texts.get(name) ?? ''])) };
}

/**
 * Which migrations stay, read from a lock that git may have left in conflict: all that both branches
 * have, and those of the branch that is merged in or rebased onto. Ours are made anew.
 */
export function rebaseHistory(workspace: Workspace): Reopened {
  const texts = migrationTexts(workspace);
  const file = 'generated/migrations/migrations.lock';
  const lockPath = join(workspace.migrations, 'migrations.lock');
  const lockText = existsSync(lockPath) ? readFileSync(lockPath, 'utf8') : '';
  const sides = splitConflict(lockText, workspace);
  const base = readLock(sides.base, file);
  const problems = base.flatMap((entry) => mismatch(entry, texts));
  if (problems.length > 0) throw new DiagnosticError(problems);
  const kept = new Set(base.map((entry) => entry.name));
  const files = base.map((entry) => parse(entry.name, texts));
  const reopened = [...texts.keys()].filter((name) => !kept.has(name)).sort(compareText).map((name) => parse(name, texts));
  if (reopened.length === 0) {
    return fail('nothing-to-rebase', 'every migration is in the lock: there is nothing to make anew', { hint: 'run npm run compile' });
  }
  return { history: { files, lock: base, head: base.at(-1)?.chainedHash ?? '', texts: new Map(base.map(({ name }) => [name, texts.get(name) ?? ''])) }, reopened };
}

function migrationTexts(workspace: Workspace): ReadonlyMap<string, string> {
  const names = listFiles(workspace.migrations).filter((path) => /^\d{4,}_[^/]*\.sql$/.test(path));
  return new Map(names.map((path) => [path.slice(0, -'.sql'.length), readFileSync(join(workspace.migrations, path), 'utf8')]));
}

function parse(name: string, texts: ReadonlyMap<string, string>): MigrationFile {
  return readMigration(texts.get(name) ?? '', `generated/migrations/${name}.sql`);
}

function mismatch(entry: LockEntry, texts: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const text = texts.get(entry.name);
  if (text !== undefined && hashMigration(text) === entry.fileHash) return [];
  const file = `generated/migrations/${entry.name}.sql`;
  return [
    {
      code: text === undefined ? 'migration-missing' : 'migration-edited',
      severity: 'error',
      message: `${file} ${text === undefined ? 'is missing' : 'is not what was compiled'}, and later migrations rest on it`,
      place: { file, line: 1, column: 1 },
      hint: `take it back: git checkout -- ${file}`,
    },
  ];
}

/** The lock as the branch has it that ours comes after. */
function splitConflict(text: string, workspace: Workspace): { readonly base: string } {
  if (!/^<{7}/m.test(text)) return { base: text };
  const keeps = isRebasing(workspace) ? 'first' : 'second';
  let side: 'both' | 'first' | 'original' | 'second' = 'both';
  const lines = text.split('\n').filter((line) => {
    if (/^<{7}/.test(line)) side = 'first';
    else if (/^\|{7}/.test(line)) side = 'original';
    else if (/^={7}/.test(line)) side = 'second';
    else if (/^>{7}/.test(line)) side = 'both';
    else return side === 'both' || side === keeps;
    return false;
  });
  return { base: lines.join('\n') };
}

/** In a rebase git's first side is the branch that ours is put onto; in a merge it is ours. */
function isRebasing(workspace: Workspace): boolean {
  const path = (name: string): string => execFileSync('git', ['rev-parse', '--git-path', name], { cwd: workspace.root, encoding: 'utf8' }).trim();
  return ['rebase-merge', 'rebase-apply'].some((name) => existsSync(resolve(workspace.root, path(name))));
}

/** `data-loss column public.t.c` of a head as `data-loss:column public.t.c` of the command line. */
export function allowancesOf(migrations: readonly MigrationFile[]): readonly string[] {
  return migrations.flatMap((migration) => migration.allows.map((allowance) => allowance.replace(' ', ':')));
}
