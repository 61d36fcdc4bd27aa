/** Results of the verb `partitions` as lines: what would be done or was done, the calendar, the state. Pure. */
import type { Calendar, Coming } from '../partitions/calendar.ts';
import type { CheckResult } from '../partitions/check.ts';
import type { DoneStep, MaintenanceResult, PlannedStep } from '../partitions/options.ts';
import type { PlanResult } from '../partitions/plan.ts';

/** `2027-03-01` for midnight in UTC, else to the minute. */
function moment(time: string | null): string {
  if (time === null) return '?';
  const [, day = time, minutes = ''] = /^(\S+) (\d\d:\d\d):\d\d(?:\.\d+)?\+00$/.exec(time) ?? [];
  return minutes === '' || minutes === '00:00' ? day : `${day} ${minutes}Z`;
}

function span({ lower, upper, bound }: PlannedStep): string {
  if (lower !== null && upper !== null) return `${moment(lower)} to ${moment(upper)}`;
  return bound.replace(/^FOR VALUES FROM \('?([^')]*)'?\) TO \('?([^')]*)'?\)$/, '$1 to $2');
}

/** Columns, each as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>((most, row) => row.map((cell, place) => Math.max(most[place] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const later = 'in a later run, since a run does no more at once';

function stepRow(step: PlannedStep): readonly string[] {
  return [`  ${step.action}`, step.relation, span(step), step.when === 'later' ? later : step.reason];
}

/** Steps under the names of their tables. */
function byTable<Step extends PlannedStep>(steps: readonly Step[], row: (step: Step) => readonly string[]): readonly string[] {
  const lines = aligned(steps.map(row));
  return steps.flatMap((step, place) => [...(steps[place - 1]?.table === step.table ? [] : [step.table]), lines[place] ?? '']);
}

function comingWords(word: string, list: readonly Coming[]): readonly string[] {
  return list.map(({ on, relation }, place) => `  ${place === 0 ? word.padEnd(10) : ' '.repeat(10)} ${moment(on).padEnd(10)}  ${relation}`);
}

function calendarLines(calendar: Calendar): readonly string[] {
  const { table, every, retain, partitions, from, to, creations, retirements, drops } = calendar;
  const kept = retain === null ? 'kept for good' : `kept ${retain}`;
  return [
    `${table}: every ${every ?? '?'}, ${kept}; ${String(partitions)} partitions, ${moment(from)} to ${moment(to)}`,
    ...comingWords('to make', creations),
    ...comingWords('to retire', retirements),
    ...comingWords('to drop', drops),
  ];
}

export function planLines({ at, database, steps, calendar }: PlanResult): readonly string[] {
  if (calendar.length === 0) return [`${database} has no partition rules`];
  const head = steps.length === 0 ? 'nothing to do' : `${String(steps.length)} to do`;
  return [
    `at ${moment(at ?? null)} on ${database}: ${head}`,
    ...byTable(steps, stepRow),
    '',
    'what comes next',
    ...calendar.flatMap(calendarLines),
  ];
}

const past: { readonly [Action in PlannedStep['action']]: string } = {
  create: 'made',
  finalize: 'finished',
  retire: 'detached',
  record: 'noted',
  move: 'moved',
  drop: 'dropped',
  export: 'exported',
  analyze: 'analyzed',
  attach: 'attached',
};

function doneRow(step: DoneStep): readonly string[] {
  const word = step.outcome === 'done' ? past[step.action] : `${step.outcome === 'left' ? 'left' : 'failed'}: ${step.action}`;
  return [`  ${word}`, step.relation, step.bound === '' ? '' : span(step), step.when === 'later' ? later : step.reason];
}

export function resultLines({ database, at, steps }: MaintenanceResult): readonly string[] {
  if (at === undefined) return [];
  const ordered = [...new Set(steps.map(({ table }) => table))].flatMap((name) => steps.filter(({ table }) => table === name));
  if (ordered.length === 0) return [`at ${moment(at)} on ${database}: nothing to do`];
  const done = ordered.filter(({ outcome }) => outcome === 'done').length;
  return [`at ${moment(at)} on ${database}: ${String(done)} done, ${String(ordered.length - done)} left`, ...byTable(ordered, doneRow)];
}

export function checkLines({ at, database, tables }: CheckResult): readonly string[] {
  if (at === undefined) return [];
  if (tables.length === 0) return [`${database} has no partition rules`];
  const rows = tables.map(({ table, partitions, covered, runway, lastAnalyzed, managedBy }) => [
    table,
    `${String(partitions)} partitions`,
    covered === null ? 'none for the present' : `rows have a place until ${moment(covered)}`,
    runway === null ? '' : `${String(runway)} days`,
    managedBy === null ? (lastAnalyzed === null ? 'not analyzed yet' : `analyzed ${moment(lastAnalyzed)}`) : `left to ${managedBy}`,
  ]);
  return aligned(rows);
}
