/**
 * Chooses which migrations a run applies: what is left, up to a number, of one phase. Pure.
 */
import { fail } from '../model/diagnostic.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { parseMigration } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import type { History } from './history.ts';
import type { RecordedStep } from './state-schema.ts';

export interface Selected {
  readonly migration: FolderMigration;
  readonly file: MigrationFile;
  /** What earlier runs recorded of its steps. */
  readonly earlier: readonly RecordedStep[];
}

export interface Selection {
  readonly to?: number;
  readonly phase?: 'expand' | 'contract';
}

/** Finds a migration by number; throws a `DiagnosticError` that names those that there are. */
export function findMigration(folder: readonly FolderMigration[], number: number, flag: string): FolderMigration {
  const found = folder.find((migration) => migration.number === number);
  if (found !== undefined) return found;
  const last = folder.at(-1);
  return fail('unknown-migration', `${flag} ${String(number)}: there is no migration of that number`, {
    hint: last === undefined ? 'the folder holds no migrations yet' : `the last one is ${last.name}`,
  });
}

/**
 * The migrations to run, oldest first. Phases keep the order of the files: `expand` stops before the
 * first contract migration, since what follows may build on it; `contract` takes the contract ones up
 * to the next expand migration.
 */
export function selectMigrations(history: History, selection: Selection): readonly Selected[] {
  const begun = history.halfDone.map(({ migration, steps }) => ({ migration, earlier: steps }));
  const waiting = [...begun, ...history.pending.map((migration) => ({ migration, earlier: [] as readonly RecordedStep[] }))]
    .sort((left, right) => left.migration.number - right.migration.number)
    .filter(({ migration }) => selection.to === undefined || migration.number <= selection.to);
  const chosen: Selected[] = [];
  for (const { migration, earlier } of waiting) {
    const file = parseMigration(migration);
    if (selection.phase !== undefined && file.phase !== selection.phase) {
      if (chosen.length === 0 && selection.phase === 'contract') {
        fail('phase-order', `${migration.name} is an expand migration and comes before the contract ones`, {
          hint: 'run npx schemac migrate --phase expand, deploy, then --phase contract',
        });
      }
      break;
    }
    chosen.push({ migration, file, earlier });
  }
  return chosen;
}
