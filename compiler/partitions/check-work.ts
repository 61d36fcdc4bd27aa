/**
 * Work that maintenance should have done by now, told by the plan: a job that has stopped, or that fails,
 * shows here days before anything hurts. What is only just due is no finding.
 */
import type { Connection } from '../migrate/connection.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import type { PlannedStep } from './options.ts';
import { readSteps } from './plan.ts';
import type { Rule } from './rules.ts';

/** The time at which a job that runs daily must have run since, or half a partition of shorter ones. */
function tolerated(rule: Rule, at: string): string {
  const moment = `${quoteText(at)}::timestamptz`;
  return rule.every === null || rule.key === 'integer'
    ? moment
    : `${moment} - least(interval '1 day', ${quoteText(rule.every)}::interval / 2)`;
}

/** What is to be done now and was to be done then: a table that begins today is late with nothing. */
async function overdue(connection: Connection, rule: Rule, at: string): Promise<readonly PlannedStep[]> {
  const [row] = await connection.rows(`SELECT ${tolerated(rule, at)}`);
  const then = await readSteps(connection, rule, row?.[0] ?? at, 'none');
  const due = new Set(then.map(({ action, bound }) => `${action} ${bound}`));
  return (await readSteps(connection, rule, at, 'none')).filter(
    ({ action, bound }) => due.has(`${action} ${bound}`) || action === 'finalize',
  );
}

const gap = new Set(['no partition takes rows of that time', 'no partition takes these keys']);

function named(steps: readonly PlannedStep[]): string {
  const some = steps.slice(0, 3).map(({ relation }) => relation);
  return some.join(', ') + (steps.length > 3 ? ` and ${String(steps.length - 3)} more` : '');
}

/** One sort of work that is late, in words. */
interface Sort {
  readonly is: (step: PlannedStep) => boolean;
  readonly finding: (steps: string, rule: Rule) => Omit<Diagnostic, 'severity'>;
}

const sorts: readonly Sort[] = [
  {
    is: ({ action, reason }) => action === 'create' && gap.has(reason),
    finding: (steps, { table }) => ({
      code: 'partition-gap',
      message: `${table} has no partition for a time that it keeps: ${steps}`,
      hint: 'npx schemac partitions apply makes it',
    }),
  },
  {
    is: ({ action, reason }) => action === 'create' && !gap.has(reason),
    finding: (steps, { table, premake }) => ({
      code: 'partitions-late',
      message: `${table} is to have ${String(premake)} partitions ahead, and is late with ${steps}`,
      hint: 'the job that runs npx schemac partitions apply has stopped or fails: see to it while there are partitions ahead',
    }),
  },
  {
    is: ({ action }) => action === 'retire' || action === 'record' || action === 'move' || action === 'drop',
    finding: (steps, { table }) => ({
      code: 'retirement-late',
      message: `${table} has partitions past their time: ${steps}`,
      hint: 'npx schemac partitions apply retires them; what it says tells what is in the way',
    }),
  },
  {
    is: ({ action }) => action === 'finalize',
    finding: (steps, { table }) => ({
      code: 'detach-pending',
      message: `${steps} of ${table} is half detached: its rows are out of sight, and no other can be detached`,
      hint: 'npx schemac partitions apply finishes it',
    }),
  },
];

/** Gaps, late creations and retirements, pending detachments, partitions that are off the grid, failures. */
export async function workFindings(connection: Connection, rule: Rule, at: string): Promise<readonly Diagnostic[]> {
  const steps = await overdue(connection, rule, at);
  const late = sorts.flatMap(({ is, finding }): readonly Diagnostic[] => {
    const some = steps.filter(is);
    return some.length === 0 ? [] : [{ ...finding(named(some), rule), severity: 'warning' }];
  });
  return [...late, ...(await offGrid(connection, rule)), ...(await failures(connection, rule, at))];
}

/** Partitions that no rule would have made: after a change of the interval that is as it should be. */
async function offGrid(connection: Connection, rule: Rule): Promise<readonly Diagnostic[]> {
  if (rule.every === null) return [];
  const table = quoteText(rule.table);
  const rows = await connection.rows(
    rule.key === 'integer'
      ? `SELECT relation, bound FROM schemac.partition_list(${table}) WHERE low IS NOT NULL AND (low % ${rule.every} <> 0 OR high - low <> ${rule.every}) ORDER BY low`
      : `SELECT e.relation, e.bound FROM schemac.partition_list(${table}) e
         CROSS JOIN LATERAL (SELECT format_type(a.atttypid, NULL) FROM pg_catalog.pg_partitioned_table p JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = ${table}::regclass) key(type)
         WHERE e.lower IS NOT NULL AND (e.lower = '-infinity' OR e.upper = 'infinity' OR ROW(e.lower, e.upper) IS DISTINCT FROM
           (SELECT ROW(c.lower, c.upper) FROM schemac.partition_cell(e.lower, ${quoteText(rule.every)}::interval, CASE WHEN key.type IN ('date', 'timestamp without time zone') THEN 'UTC' ELSE ${quoteText(rule.zone)} END) c WHERE isfinite(e.lower)))
         ORDER BY e.lower`,
  );
  if (rows.length === 0) return [];
  const some = rows.slice(0, 3).map(([relation, bound]) => `${relation ?? ''} (${bound ?? ''})`);
  return [
    {
      code: 'partition-off-grid',
      severity: 'notice',
      message: `${String(rows.length)} partitions of ${rule.table} are not where the rule would put them: ${some.join(', ')}`,
      hint: 'after a change of the interval, or of partitions made by hand, that is as it should be; they are retired like the others',
    },
  ];
}

/** What failed inside the server and did not succeed since. */
async function failures(connection: Connection, rule: Rule, at: string): Promise<readonly Diagnostic[]> {
  const [row] = await connection.rows(
    `SELECT count(*), (pg_catalog.array_agg(l.detail ->> 'error' ORDER BY l.id DESC))[1] FROM schemac.partition_log l
     WHERE l.parent = ${quoteText(rule.table)} AND l.action = 'failed' AND l.as_of > ${quoteText(at)}::timestamptz - interval '3 days'
       AND NOT EXISTS (SELECT FROM schemac.partition_log later WHERE later.parent = l.parent AND later.id > l.id AND later.action IN ('created', 'detached', 'moved', 'dropped', 'analyzed'))`,
  );
  if (row?.[0] === '0' || row === undefined) return [];
  return [
    {
      code: 'maintenance-failed',
      severity: 'warning',
      message: `maintenance of ${rule.table} failed ${row[0] ?? '?'} times in three days: ${row[1] ?? '?'}`,
      hint: 'the entries are in schemac.partition_log; npx schemac partitions apply says more about each',
    },
  ];
}

/** Tables that were partitions once and that somebody renamed or moved since. */
export async function retiredFindings(connection: Connection, rule: Rule): Promise<readonly Diagnostic[]> {
  const rows = await connection.rows(
    `SELECT relation FROM schemac.partition_retired(${quoteText(rule.table)}) WHERE is_renamed AND detached_at IS NOT NULL ORDER BY 1`,
  );
  if (rows.length === 0) return [];
  return [
    {
      code: 'retired-partition-renamed',
      severity: 'notice',
      message: `${rows.map(([relation]) => relation ?? '').join(', ')} was retired from ${rule.table} and renamed or moved by hand: it is left alone`,
      hint: `whoever took it may drop it; COMMENT ON TABLE … IS NULL ends this notice`,
    },
  ];
}
