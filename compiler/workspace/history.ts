/**
 * The migrations of a project as the compiler sees them: parsed, in order, proven equal to
 * migrations.lock. An empty project has none.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { parseMigration, readFolder, type FolderMigration } from '../migrate/folder.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import type { Lock } from '../sql/migrations-lock.ts';
import type { Workspace } from './workspace.ts';

export interface History {
  readonly files: readonly MigrationFile[];
  readonly texts: ReadonlyMap<string, string>;
  readonly lock: Lock;
  /** Chained hash of the last migration; empty where there is none. */
  readonly head: string;
}

export const noHistory: History = { files: [], texts: new Map(), lock: [], head: '' };

/** Throws a `DiagnosticError` where files and lock do not agree. */
export async function readHistory(workspace: Workspace): Promise<History> {
  if (!existsSync(workspace.migrations)) return noHistory;
  return historyOf(await readFolder(relative(process.cwd(), workspace.generated) || '.'));
}

export function historyOf(folder: readonly FolderMigration[]): History {
  return {
    files: folder.map(parseMigration),
    texts: new Map(folder.map((migration) => [migration.name, migration.text])),
    lock: folder.map(({ name, fileHash, chainedHash }) => ({ name, fileHash, chainedHash })),
    head: folder.at(-1)?.chainedHash ?? '',
  };
}
