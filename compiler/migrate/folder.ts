/**
 * The migrations on disk: the files of generated/migrations, each proven equal to migrations.lock
 * before it runs. What a database has recorded is known from the lock alone: its file is not opened.
 */
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import { migrationName, readMigration } from '../sql/migration-file.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { hashMigration, readLock } from '../sql/migrations-lock.ts';
import type { Lock, LockEntry } from '../sql/migrations-lock.ts';

export interface FolderMigration {
  readonly name: string;
  readonly number: number;
  /** Its text, opened when it is needed. */
  readonly read: () => string;
  readonly fileHash: string;
  readonly chainedHash: string;
  /** As messages show it. */
  readonly file: string;
  /** Of a baseline: the migrations that it stands for, oldest first. */
  readonly folded?: readonly LockEntry[];
}

/** Parses a migration's text; done for those that are about to run, not for all of history. */
export function parseMigration(migration: FolderMigration): MigrationFile {
  return readMigration(migration.read(), migration.file);
}

const lockName = 'migrations.lock';

function problem(code: string, file: string, message: string, hint: string): Diagnostic {
  return { code, severity: 'error', message, place: { file, line: 1, column: 1 }, hint };
}

function missing({ file, name }: FolderMigration): Diagnostic {
  return problem('migration-missing', file, `${name}.sql is in ${lockName} but not in the folder`, `take it back: git checkout -- ${file}`);
}

function edited({ file, name }: FolderMigration, isLast: boolean): Diagnostic {
  const message = `${name}.sql is not what was compiled: its hash differs from ${lockName}`;
  const amend = isLast ? '; or, if it was applied nowhere, compile it again: npx schemac compile --amend' : '';
  return problem('migration-edited', file, message, `take it back: git checkout -- ${file}${amend}`);
}

function extra(file: string): Diagnostic {
  const hint = 'remove it, or let the compiler take it in: npx schemac compile --rebase';
  return problem('migration-extra', file, `${file.split(/[/\\]/).at(-1) ?? file} is in the folder but not in ${lockName}`, hint);
}

async function sqlFiles(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      fail('no-migrations', `there is no folder ${folder}`, { hint: 'run npx schemac compile, or name the folder with --generated' });
    }
    throw error;
  });
  return new Set(names.filter((name) => name.endsWith('.sql')).map((name) => migrationName(join(folder, name)).name));
}

async function readLockFile(folder: string): Promise<Lock> {
  const file = join(folder, lockName);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      fail('lock-missing', `there is no ${file}`, {
        hint: `take it back: git checkout -- ${file}`,
      });
    }
    throw error;
  });
  return readLock(text, file);
}

function migrationOf({ name, fileHash, chainedHash, folded }: LockEntry, folder: string): FolderMigration {
  const file = join(folder, `${name}.sql`);
  let text: string | undefined;
  const read = (): string => (text ??= readFileSync(file, 'utf8'));
  return { name, number: Number.parseInt(name, 10), read, fileHash, chainedHash, file, ...(folded === undefined ? {} : { folded }) };
}

function isEdited(migration: FolderMigration): boolean {
  return hashMigration(migration.read()) !== migration.fileHash;
}

/** Reads the list of `generated/migrations`; see `readMigrations`. */
export function readFolder(generated: string): Promise<readonly FolderMigration[]> {
  return readMigrations(join(generated, 'migrations'));
}

/**
 * Reads the list of a folder of migrations, oldest first, and opens no file of it. Throws a
 * `DiagnosticError` with every file that is missing or not in the lock, and with those that were
 * edited where there is one of the others.
 */
export async function readMigrations(folder: string): Promise<readonly FolderMigration[]> {
  const names = await sqlFiles(folder);
  const migrations = (await readLockFile(folder)).map((entry) => migrationOf(entry, folder));
  const locked = new Set(migrations.map(({ name }) => name));
  const extras = [...names].filter((name) => !locked.has(name)).sort(compareText);
  if (extras.length > 0 || migrations.some(({ name }) => !names.has(name))) {
    const known = migrations.flatMap((migration) => {
      if (!names.has(migration.name)) return [missing(migration)];
      return isEdited(migration) ? [edited(migration, migration === migrations.at(-1))] : [];
    });
    throw new DiagnosticError([...known, ...extras.map((name) => extra(join(folder, `${name}.sql`)))]);
  }
  return migrations;
}

/** Proves that files are what was compiled; throws a `DiagnosticError` with every one that was edited. */
export function proveFiles(folder: readonly FolderMigration[], files: readonly FolderMigration[]): void {
  const problems = files.filter(isEdited).map((migration) => edited(migration, migration === folder.at(-1)));
  if (problems.length > 0) throw new DiagnosticError(problems);
}
