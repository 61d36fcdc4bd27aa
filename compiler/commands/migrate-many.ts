/** The verb `migrate` on a list of databases: what is said of each, and of all together. */
import type { Diagnostic } from '../model/diagnostic.ts';
import { migrateAll, type DatabaseReport, type FleetOptions, type Outcome } from '../migrate/fleet.ts';
import { readFolder } from '../migrate/folder.ts';
import type { CommandResult } from './result.ts';

/** What a list is said to have come to, in this order. */
const outcomes: readonly Outcome[] = ['current', 'applied', 'undone', 'left', 'busy', 'failed', 'interrupted', 'skipped'];

const words: { readonly [Name in Outcome]: string } = {
  current: 'current',
  applied: 'migrated',
  undone: 'taken back',
  left: 'with migrations left',
  busy: 'left to another runner',
  failed: 'failed',
  interrupted: 'interrupted',
  skipped: 'not begun',
};

export type Counts = { readonly [Name in Outcome]: number };

/** How many databases came to what. */
export function countOutcomes(reports: readonly Pick<DatabaseReport, 'outcome'>[]): Counts {
  const count = (name: Outcome): number => reports.filter(({ outcome }) => outcome === name).length;
  return Object.fromEntries(outcomes.map((name) => [name, count(name)])) as Counts;
}

/** `2 migrated, 997 current, 1 failed`; what did not happen is left out. */
export function countsText(counts: Counts): string {
  return outcomes
    .filter((name) => counts[name] > 0)
    .map((name) => `${String(counts[name])} ${words[name]}`)
    .join(', ');
}

/** One line on how a database ended, for a log. */
export function endText({ outcome, applied, undone = [], pending }: DatabaseReport): string {
  const done = `${applied.length === 0 ? '' : `, applied ${applied.join(', ')}`}${undone.length === 0 ? '' : `, took back ${undone.join(', ')}`}`;
  const left = pending.length === 0 ? '' : `, left ${pending.join(', ')}`;
  return `${words[outcome]}${done}${left}`;
}

/** Which database a diagnostic is of. */
function named(report: DatabaseReport): readonly Diagnostic[] {
  return report.diagnostics.map((diagnostic) =>
    diagnostic.message.includes(report.database) ? diagnostic : { ...diagnostic, message: `${report.database}: ${diagnostic.message}` },
  );
}

function linesOf(reports: readonly DatabaseReport[], isDryRun: boolean): readonly string[] {
  const sql = isDryRun
    ? reports.filter((report) => report.sql.length > 0).flatMap((report) => [`-- ${report.database}`, ...report.sql])
    : [];
  const told = reports.filter(({ outcome }) => outcome !== 'current' && outcome !== 'skipped' && !isDryRun);
  return [
    ...sql,
    ...told.map((report) => `${report.database}: ${endText(report)}`),
    `${isDryRun ? '-- ' : ''}${String(reports.length)} databases: ${countsText(countOutcomes(reports))}`,
  ];
}

/** Exit code 0; 1 where a database failed or was not begun; 2 where one was left to another runner. */
function exitCodeOf(counts: Counts): 0 | 1 | 2 {
  if (counts.failed + counts.interrupted + counts.skipped > 0) return 1;
  return counts.busy > 0 ? 2 : 0;
}

function isDryRun({ action }: FleetOptions): boolean {
  return action?.action === 'dry-run' || (action?.action === 'down' && action.how === 'dry-run');
}

/** Migrates the databases of a list. */
export async function migrateMany(options: FleetOptions): Promise<CommandResult> {
  const reports = await migrateAll(await readFolder(options.generated), options);
  const counts = countOutcomes(reports);
  return {
    exitCode: exitCodeOf(counts),
    diagnostics: reports.flatMap(named),
    json: { databases: reports, counts },
    lines: linesOf(reports, isDryRun(options)),
  };
}
