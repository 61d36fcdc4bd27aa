/**
 * The migrations on disk: the files of generated/migrations, proven equal to migrations.lock before
 * anything runs. Reads files; knows no database.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import { migrationName, readMigration } from '../sql/migration-file.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { hashMigration, readLock } from '../sql/migrations-lock.ts';
import type { Lock } from '../sql/migrations-lock.ts';

export interface FolderMigration {
  readonly name: string;
  readonly number: number;
  readonly text: string;
  readonly fileHash: string;
  readonly chainedHash: string;
  /** As messages show it. */
  readonly file: string;
}

/** Parses a migration's text; done for those that are about to run, not for all of history. */
export function parseMigration(migration: FolderMigration): MigrationFile {
  return readMigration(migration.text, migration.file);
}

const lockName = 'migrations.lock';

function problem(code: string, file: string, message: string, hint: string): Diagnostic {
  return { code, severity: 'error', message, place: { file, line: 1, column: 1 }, hint };
}

/** What speaks against the files being those that the lock recorded. */
function compareWithLock(folder: string, lock: Lock, hashes: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const locked = new Set(lock.map((entry) => entry.name));
  for (const entry of lock) {
    const file = join(folder, `${entry.name}.sql`);
    const hash = hashes.get(entry.name);
    if (hash === undefined) {
      problems.push(
        problem(
          'migration-missing',
          file,
          `${entry.name}.sql is in ${lockName} but not in the folder`,
          `take it back: git checkout -- ${file}`,
        ),
      );
    } else if (hash !== entry.fileHash) {
      problems.push(
        problem(
          'migration-edited',
          file,
          `${entry.name}.sql is not what was compiled: its hash differs from ${lockName}`,
          entry === lock.at(-1)
            ? `take it back: git checkout -- ${file}; or, if it was applied nowhere, compile it again: npx schemac compile --amend`
            : `take it back: git checkout -- ${file}`,
        ),
      );
    }
  }
  for (const name of [...hashes.keys()].filter((candidate) => !locked.has(candidate)).sort(compareText)) {
    const file = join(folder, `${name}.sql`);
    problems.push(
      problem(
        'migration-extra',
        file,
        `${name}.sql is in the folder but not in ${lockName}`,
        'remove it, or let the compiler take it in: npx schemac compile --rebase',
      ),
    );
  }
  return problems;
}

async function readTexts(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      fail('no-migrations', `there is no folder ${folder}`, { hint: 'run npx schemac compile, or name the folder with --generated' });
    }
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.sql')).sort(compareText);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(files.map((name, index) => [migrationName(join(folder, name)).name, texts[index] ?? '']));
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

/** Reads `generated/migrations`; see `readMigrations`. */
export function readFolder(generated: string): Promise<readonly FolderMigration[]> {
  return readMigrations(join(generated, 'migrations'));
}

/**
 * Reads a folder of migrations, oldest first. Throws a `DiagnosticError` with every file that was
 * edited, is missing, or is not in the lock, and the command that mends each.
 */
export async function readMigrations(folder: string): Promise<readonly FolderMigration[]> {
  const texts = await readTexts(folder);
  const lock = await readLockFile(folder);
  const hashes = new Map([...texts].map(([name, text]) => [name, hashMigration(text)]));
  const problems = compareWithLock(folder, lock, hashes);
  if (problems.length > 0) throw new DiagnosticError(problems);
  return lock.map(({ name, fileHash, chainedHash }) => ({
    name,
    number: Number.parseInt(name, 10),
    text: texts.get(name) ?? '',
    fileHash,
    chainedHash,
    file: join(folder, `${name}.sql`),
  }));
}
