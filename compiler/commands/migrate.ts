/**
 * The verb `migrate`: from parsed arguments to a result. Needs the folder generated/ and the driver,
 * and never imports what compiles.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FleetOptions } from '../migrate/fleet.ts';
import { migrate } from '../migrate/migrate.ts';
import type { MigrateAction, MigrateResult } from '../migrate/run.ts';
import { databaseList, oneDatabase } from './database-list.ts';
import { fleetOptionsOf, optionsOf } from './migrate-arguments.ts';
import type { MigrateArguments } from './migrate-arguments.ts';
import type { CommandResult } from './result.ts';
import { withSignals } from './signals.ts';

function wordsFor(action: MigrateAction): string {
  if (action.action === 'mark') return `marked as ${action.as}:`;
  return action.action === 'baseline' ? 'recorded as applied:' : 'applied';
}

function nothingToDo({ database }: MigrateResult, action: MigrateAction): string {
  return action.action === 'down'
    ? `nothing to take back: ${database} has no migration after ${String(action.to)}`
    : `nothing to do: ${database} is current`;
}

function summary(result: MigrateResult, action: MigrateAction): readonly string[] {
  if (result.diagnostics.some(({ severity }) => severity === 'error'))
    return [
      ...result.applied.map((name) => `applied ${name} to ${result.database}`),
      ...(result.undone ?? []).map((name) => `took back ${name} on ${result.database}`),
    ];
  if (result.diagnostics.some(({ code }) => code === 'runner-busy')) return [];
  if (action.action === 'dry-run' || (action.action === 'down' && action.how === 'dry-run'))
    return result.sql.length > 0 ? result.sql : [`-- ${nothingToDo(result, action)}`];
  const taken = (result.undone ?? []).map((name) => `took back ${name}`);
  const done = [...taken, ...result.applied.map((name) => `${wordsFor(action)} ${name}`)];
  const left = result.pending.map((name) => `left: ${name}`);
  if (done.length + left.length === 0) return [nothingToDo(result, action)];
  return [
    ...done,
    ...left,
    `${result.database} (PostgreSQL ${result.server ?? '?'}): ${String(done.length)} done, ${String(result.pending.length)} left`,
  ];
}

function exitCodeOf({ diagnostics }: MigrateResult): 0 | 1 | 2 {
  if (diagnostics.some(({ severity }) => severity === 'error')) return 1;
  return diagnostics.some(({ code }) => code === 'runner-busy') ? 2 : 0;
}

/**
 * Applies migrations, or shows, records or marks them. Exit code 0; 1 with diagnostics, also where a
 * signal ended it; 2 where it left because another runner was at work.
 */
export async function migrateCommand(given: MigrateArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const options = optionsOf(given, problems);
  const fleet = fleetOptionsOf(given, problems);
  if (problems.length > 0) return { exitCode: 1, diagnostics: problems, json: { diagnostics: problems }, lines: [] };
  const urls = databaseList(given);
  if (urls !== undefined) return withSignals((signal) => onList(given, { ...options, ...fleet, urls, signal }));
  const url = oneDatabase(given);
  const result = await withSignals((signal) =>
    migrate({
      ...options,
      signal,
      ...(url === undefined ? {} : { url }),
      ...(given.report === undefined ? {} : { report: given.report }),
      ...(given.tick === undefined ? {} : { tick: given.tick }),
    }),
  );
  return { exitCode: exitCodeOf(result), diagnostics: result.diagnostics, json: result, lines: summary(result, options.action) };
}

async function onList(given: MigrateArguments, options: FleetOptions): Promise<CommandResult> {
  const progress = await given.fleet?.(options.urls.length);
  const { migrateMany } = await import('./migrate-many.ts');
  try {
    return await migrateMany(progress === undefined ? options : { ...options, watch: progress.watch });
  } finally {
    progress?.end();
  }
}
