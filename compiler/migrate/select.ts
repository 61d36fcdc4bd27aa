/**
 * Chooses which migrations a run applies: what is left, up to a number, of one phase. Pure.
 */
import { numberText } from '../sql/migrations-lock.ts';
import { fail } from '../model/diagnostic.ts';
import type { Phase } from '../model/statement.ts';
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
  readonly phase?: Phase;
}

/** Finds a migration by number; throws a `DiagnosticError` that names those that there are. */
export function findMigration(folder: readonly FolderMigration[], number: number, flag: string): FolderMigration {
  const found = folder.find((migration) => migration.number === number);
  if (found !== undefined) return found;
  const baseline = folder.find(({ folded }) => folded?.some(({ name }) => Number.parseInt(name, 10) === number));
  if (baseline !== undefined) {
    return fail('squash-folded', `${flag} ${String(number)}: that migration was folded into ${baseline.name}`, {
      hint: `take generated/ as it was before the squash: git log -- ${baseline.file}`,
    });
  }
  const last = folder.at(-1);
  return fail('unknown-migration', `${flag} ${String(number)}: there is no migration of that number`, {
    hint: last === undefined ? 'the folder holds no migrations yet' : `the last one is ${last.name}`,
  });
}

/**
 * The migrations to run, oldest first: all that is left, or that of one phase, which stops where one of
 * the other phase comes first. Throws a `DiagnosticError` that names what comes first where the deploy
 * that the phase is about would go on without a migration that it needs.
 */
export function selectMigrations(history: History, selection: Selection): readonly Selected[] {
  const begun = history.halfDone.map(({ migration, steps }) => ({ migration, earlier: steps }));
  const waiting = [...begun, ...history.pending.map((migration) => ({ migration, earlier: [] as readonly RecordedStep[] }))]
    .sort((left, right) => left.migration.number - right.migration.number)
    .filter(({ migration }) => selection.to === undefined || migration.number <= selection.to)
    .map(({ migration, earlier }): Selected => ({ migration, file: parseMigration(migration), earlier }));
  return selection.phase === undefined ? waiting : ofPhase(waiting, selection.phase);
}

function ofPhase(waiting: readonly Selected[], phase: Phase): readonly Selected[] {
  const end = waiting.findIndex(({ file }) => file.phase !== phase);
  const [chosen, rest] = end === -1 ? [waiting, []] : [waiting.slice(0, end), waiting.slice(end)];
  const [first] = rest;
  const left = rest.filter(({ file }) => file.phase === phase);
  if (first !== undefined && phase === 'expand' && left.length > 0) refuseExpand(first, left, chosen);
  if (first !== undefined && phase === 'contract' && left.length > 0 && chosen.length === 0) {
    fail(
      'phase-order',
      `${namesOf(left)} cannot be applied yet: ${first.migration.name}, of the expand phase, comes first and is pending`,
      {
        hint: 'run npx schemac migrate --phase expand, deploy, then --phase contract',
      },
    );
  }
  return chosen;
}

/** The application that is about to be deployed needs them all. */
function refuseExpand(first: Selected, left: readonly Selected[], chosen: readonly Selected[]): never {
  const { name, number } = first.migration;
  const before = chosen.length === 0 ? '' : `npx schemac migrate --phase expand --to ${numberText(number - 1)}, then, `;
  return fail(
    'phase-order',
    `${namesOf(left)} cannot be applied yet: ${name}, of the contract phase, comes first and is pending; nothing was applied`,
    {
      hint: `run ${before}once no version of the application from before ${name} runs any more, npx schemac migrate --phase contract --to ${numberText(number)}, and then this again`,
    },
  );
}

function namesOf(selected: readonly Selected[]): string {
  return selected.map(({ migration }) => migration.name).join(', ');
}
