/** What `volumes` has to say beside the figures: what could not be measured, what was left out, which settings differ. */
import { parseAddress, pathText } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { qualifiedName } from '../sql/quote.ts';
import type { LiveStatistics } from '../workload/live-statistics.ts';
import type { Measured, UnmeasuredTable } from '../workload/measured-volumes.ts';

export interface Notes {
  readonly measured: Measured;
  readonly statistics: LiveStatistics;
  readonly declared: DeclaredSchema;
}

export function volumesNotes({ measured, statistics, declared }: Notes): readonly Diagnostic[] {
  return [
    ...measured.gaps.map(gapNote),
    ...measured.tables.flatMap(({ table, skewed }) => {
      const name = pathText(parseAddress(table)?.path ?? []);
      // What is marked as personal data has no values that could be declared from here.
      const writable = skewed.filter(({ column }) => declared.annotations.get(`column ${name}.${column}`)?.pii === undefined);
      return writable.map(({ column, share }) => skewNote(name, column, share));
    }),
    ...settingsNote(statistics, declared),
  ];
}

const reasons: { readonly [why in UnmeasuredTable['why']]: string } = {
  'not there': 'the database has no such table',
  'never analysed': 'nobody has analysed it, so that nothing is known of it',
  'some partitions never analysed': 'some of its partitions were never analysed and are missing from the figures',
  'columns not readable': 'of some of its columns no statistics are to be seen',
};

function gapNote({ table, why, relations }: UnmeasuredTable): Diagnostic {
  const names = relations.slice(0, 3).map((path) => qualifiedName(path));
  const more = relations.length > 3 ? `, and ${relations.length - 3} more` : '';
  const hint = {
    'not there': 'its figures stay as they are declared',
    'never analysed': `ANALYZE ${names.join(', ')}${more}, and run this again`,
    'some partitions never analysed': `ANALYZE ${names.join(', ')}${more}, and run this again`,
    'columns not readable': `ANALYZE ${names.join(', ')}, or GRANT SELECT on it to the role: pg_stats shows a role what it may read (manual §54.27), and nothing where policies of row-level security count for it`,
  }[why];
  return { code: 'statistics-missing', severity: 'warning', message: `${table}: ${reasons[why]}`, subject: table, hint };
}

function skewNote(table: string, column: string, share: number): Diagnostic {
  return {
    code: 'values-not-written',
    severity: 'notice',
    message: `one value of ${table}.${column} is in ${Math.round(share * 100)} % of the rows; which one is not read`,
    subject: `column ${table}.${column}`,
    hint: `declare common: { … } beside the column, or, where its values are nobody's secret, run with --values ${table}.${column}`,
  };
}

/** What project({ planner }) would have to say for the planner to reckon as that server does. */
function settingsNote({ settings }: LiveStatistics, { project }: DeclaredSchema): readonly Diagnostic[] {
  const declared = (name: string): string | undefined => {
    const value = project.planner[name];
    return value === undefined ? undefined : typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
  };
  const differing = Object.entries(settings).filter(([name, value]) => (declared(name) ?? defaults[name]) !== value);
  if (differing.length === 0) return [];
  const written = differing.map(([name, value]) => `${name}: ${settingText(value)}`);
  return [
    {
      code: 'planner-differs',
      severity: 'notice',
      message: `the server's planner goes by other settings than schema/project.ts says: ${differing.map(([name, value]) => `${name} = ${value}`).join(', ')}`,
      hint: `if this is the production server, write planner: { ${written.join(', ')} }`,
    },
  ];
}

function settingText(value: string): string {
  if (value === 'on' || value === 'off') return value === 'on' ? 'true' : 'false';
  return /^\d+(\.\d+)?$/.test(value) ? value : `'${value}'`;
}

/** What PostgreSQL has where nobody set anything (manual §19.4, §19.7), and the planning engine with it. */
const defaults: { readonly [setting: string]: string } = {
  random_page_cost: '4',
  seq_page_cost: '1',
  effective_cache_size: '4GB',
  work_mem: '4MB',
  max_parallel_workers_per_gather: '2',
  jit: 'on',
};
