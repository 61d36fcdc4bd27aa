/**
 * The migrations of a project as the compiler sees them: in order, proven equal to
 * migrations.lock. An empty project has none.
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { proveFiles, readFolder, type FolderMigration } from '../migrate/folder.ts';
import { readMigration, type MigrationFile } from '../sql/migration-file.ts';
import { chainLock, hashMigration, type Lock } from '../sql/migrations-lock.ts';
import type { Workspace } from './workspace.ts';

export interface History {
  /** The folder of the migrations, as messages show it. */
  readonly folder: string;
  /** Texts of the migrations by name, oldest first. */
  readonly texts: ReadonlyMap<string, string>;
  readonly lock: Lock;
  /** Chained hash of the last migration; empty where there is none. */
  readonly head: string;
}

export const noHistory: History = { folder: join('generated', 'migrations'), texts: new Map(), lock: [], head: '' };

/** Throws a `DiagnosticError` where files and lock do not agree. */
export async function readHistory(workspace: Workspace): Promise<History> {
  if (!existsSync(workspace.migrations)) return noHistory;
  const generated = relative(process.cwd(), workspace.generated) || '.';
  const migrations = await readFolder(generated);
  proveFiles(migrations, migrations);
  return historyOf(join(generated, 'migrations'), migrations);
}

function historyOf(folder: string, migrations: readonly FolderMigration[]): History {
  return {
    folder,
    texts: new Map(migrations.map((migration) => [migration.name, migration.read()])),
    lock: migrations.map(({ name, fileHash, chainedHash, folded }) => ({
      name,
      fileHash,
      chainedHash,
      ...(folded === undefined ? {} : { folded }),
    })),
    head: migrations.at(-1)?.chainedHash ?? '',
  };
}

/** The history with one migration more. */
export function extended(history: History, name: string, text: string): History {
  const entry = chainLock(history.lock.at(-1), name, hashMigration(text));
  return {
    ...history,
    lock: [...history.lock, entry],
    texts: new Map([...history.texts, [name, text]]),
    head: entry.chainedHash,
  };
}

/** The migrations, parsed: for a replay, which alone needs it, since a long history takes its time. */
export function parsedMigrations(history: History): readonly MigrationFile[] {
  return [...history.texts].map(([name, text]) => readMigration(text, join(history.folder, `${name}.sql`)));
}
