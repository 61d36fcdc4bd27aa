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
import { hashMigration, readLock, type Lock, type LockEntry } from '../sql/migrations-lock.ts';
import { compiledFrom, readCustomFiles, type CustomFile } from './custom-files.ts';
import { listFiles } from './files.ts';
import type { History } from './history.ts';
import type { Workspace } from './workspace.ts';

/** What is known of a migration that is made anew. */
export type ReopenedMigration = Pick<MigrationFile, 'name' | 'allows' | 'custom' | 'phase'>;

/** The migrations that stay, and those that are made anew. */
export interface Reopened {
  readonly history: History;
  readonly reopened: readonly ReopenedMigration[];
}

const lockFile = 'generated/migrations/migrations.lock';

/**
 * The history without its last migration, which may have been edited or removed: it is made anew, and
 * with one that follows a deploy the one that it completes. So are those from the first one on whose
 * hand-written file is not what it was compiled from.
 */
export function amendHistory(workspace: Workspace): Reopened {
  const texts = migrationTexts(workspace);
  const lock = texts.size === 0 && readLockText(workspace) === undefined ? [] : readLock(presentLock(workspace), lockFile);
  const last = lock.at(-1);
  if (last === undefined) return fail('nothing-to-amend', 'there is no migration to amend', { hint: 'run npm run compile' });
  if (last.folded !== undefined) {
    fail('squash-amend', `${last.name} stands for ${String(last.folded.length)} migrations that were folded: it cannot be made anew`, {
      hint: 'npx schemac compile writes what changed as a migration after it',
    });
  }
  const extra = [...texts.keys()].filter((name) => !lock.some((entry) => entry.name === name));
  if (extra.length > 0) {
    fail('migration-extra', `not in ${lockFile}: ${extra.sort(compareText).join(', ')}`, {
      hint: 'run npx schemac compile --rebase, or remove what is not meant',
    });
  }
  const stale = staleFrom(readCustomFiles(workspace), lock, texts);
  const own = isCompleting(last.name, texts, lock.at(-2)?.name) ? 2 : 1;
  const kept = Math.min(lock.length - own, stale === -1 ? Infinity : stale);
  const reopened = lock
    .slice(kept)
    .map(({ name }) => (texts.has(name) ? parse(name, texts) : { name, allows: [], phase: 'expand' as const }));
  return { history: historyOf(lock.slice(0, kept), texts), reopened };
}

/** Whether a migration ends the compile that began with the one before it. */
function isCompleting(name: string, texts: ReadonlyMap<string, string>, before: string | undefined): boolean {
  return before !== undefined && texts.has(name) && texts.has(before) && parse(name, texts).completes === before;
}

/** The place of the first migration that its hand-written file does not stand for any more; -1 where there is none. */
function staleFrom(files: readonly CustomFile[], lock: Lock, texts: ReadonlyMap<string, string>): number {
  const hashes = new Map(files.map(({ name, hash }) => [name, hash]));
  return lock.findIndex(({ name }) => {
    const compiled = compiledFrom(texts.get(name) ?? '', name);
    return compiled !== undefined && compiled !== hashes.get(name);
  });
}

/** Throws where a file is not what the lock says. */
function historyOf(lock: Lock, texts: ReadonlyMap<string, string>): History {
  const problems = lock.flatMap((entry) => mismatch(entry, texts));
  if (problems.length > 0) throw new DiagnosticError(problems);
  return {
    folder: 'generated/migrations',
    lock,
    head: lock.at(-1)?.chainedHash ?? '',
    texts: new Map(lock.map(({ name }) => [name, texts.get(name) ?? ''])),
  };
}

/**
 * Which migrations stay, read from a lock that git may have left in conflict: all that both branches
 * have, and those of the branch that is merged in or rebased onto. Ours are made anew.
 */
export function rebaseHistory(workspace: Workspace): Reopened {
  const texts = migrationTexts(workspace);
  const history = historyOf(readLock(splitConflict(presentLock(workspace), workspace).base, lockFile), texts);
  const reopened = [...texts.keys()]
    .filter((name) => !history.texts.has(name))
    .sort(compareText)
    .map((name) => parse(name, texts));
  if (reopened.length === 0) {
    return fail('nothing-to-rebase', 'every migration is in the lock: there is nothing to make anew', { hint: 'run npm run compile' });
  }
  return { history, reopened };
}

function readLockText(workspace: Workspace): string | undefined {
  const path = join(workspace.migrations, 'migrations.lock');
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Without a lock nobody knows which migrations were applied, so none may be made anew. */
function presentLock(workspace: Workspace): string {
  return readLockText(workspace) ?? fail('lock-missing', `there is no ${lockFile}`, { hint: `take it back: git checkout -- ${lockFile}` });
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
  const path = (name: string): string =>
    execFileSync('git', ['rev-parse', '--git-path', name], { cwd: workspace.root, encoding: 'utf8' }).trim();
  return ['rebase-merge', 'rebase-apply'].some((name) => existsSync(resolve(workspace.root, path(name))));
}

/** `data-loss column public.t.c` of a head as `data-loss:column public.t.c` of the command line. */
export function allowancesOf(migrations: readonly ReopenedMigration[]): readonly string[] {
  return migrations.flatMap((migration) => migration.allows.map((allowance) => allowance.replace(' ', ':')));
}
