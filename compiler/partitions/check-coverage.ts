/**
 * Whether every row that comes has a place: now, in the days ahead, and in what is kept behind. Rows that
 * went into a default partition instead are counted.
 */
import type { Connection } from '../migrate/connection.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import type { Rule } from './rules.ts';

export interface Coverage {
  readonly partitions: number;
  /** How many tables hold rows: the partitions, or what each is partitioned into again. */
  readonly leaves: number;
  /** Until when, or up to which key, partitions follow on each other from the present one. */
  readonly covered: string | null;
  /** Days from now until then; null for keys that are numbers. */
  readonly runway: number | null;
}

/** Of a key without a zone the present is the wall clock of the rule's zone, which the window knows; under another tool nobody does. */
export async function readCoverage(connection: Connection, rule: Rule, at: string): Promise<Coverage> {
  const [table, moment] = [quoteText(rule.table), `${quoteText(at)}::timestamptz`];
  const clock = rule.managedBy === null ? `(SELECT w.clock FROM schemac.partition_window(${table}, ${moment}) w)` : moment;
  const counted = rule.key === 'integer';
  const [position, lower, upper] = counted
    ? [`(SELECT w.greatest_key FROM schemac.partition_window(${table}, ${moment}) w)`, 'low', 'high']
    : [clock, 'lower', 'upper'];
  const [row] = await connection.rows(`
    WITH RECURSIVE part AS (SELECT ${lower} AS lower, ${upper} AS upper FROM schemac.partition_list(${table}) WHERE NOT detaching),
    now AS (SELECT ${position} AS position),
    chain AS (
      SELECT part.upper FROM part, now WHERE part.lower <= now.position AND part.upper > now.position
      UNION ALL SELECT part.upper FROM chain JOIN part ON part.lower = chain.upper)
    SELECT (SELECT count(*) FROM part), max(chain.upper), (SELECT count(*) FROM pg_catalog.pg_partition_tree(${table}::regclass) WHERE isleaf AND level > 0), ${counted ? 'NULL' : `CASE WHEN max(chain.upper) < 'infinity' THEN extract(epoch FROM max(chain.upper) - (SELECT position FROM now)) / 86400 END`} FROM chain`);
  const runway = row?.[3];
  return {
    partitions: Number(row?.[0] ?? '0'),
    leaves: Number(row?.[2] ?? '0'),
    covered: row?.[1] ?? null,
    runway: runway === null || runway === undefined ? null : Math.round(Number(runway) * 10) / 10,
  };
}

/** What is wrong with it, the worst first. */
export async function coverageFindings(connection: Connection, rule: Rule, coverage: Coverage): Promise<readonly Diagnostic[]> {
  const rows = await defaultFindings(connection, rule);
  if (coverage.covered !== null) return rows;
  return [
    {
      code: 'partition-missing',
      severity: 'error',
      message: `${rule.table} has no partition for the present: inserts are refused (23514)`,
      hint:
        rule.managedBy === null
          ? 'npx schemac partitions apply makes it first of all'
          : `${rule.managedBy} makes its partitions: look why it did not`,
    },
    ...rows,
  ];
}

/** Counts no further than anybody needs to know. */
const counted = 10_000;

async function defaultFindings(connection: Connection, rule: Rule): Promise<readonly Diagnostic[]> {
  const [found] = await connection.rows(
    `SELECT partdefid::regclass FROM pg_catalog.pg_partitioned_table WHERE partrelid = ${quoteText(rule.table)}::regclass AND partdefid <> 0`,
  );
  const relation = found?.[0];
  if (relation === null || relation === undefined) return [];
  const [row] = await connection.rows(`SELECT count(*) FROM (SELECT FROM ${relation} LIMIT ${String(counted)}) seen`);
  const count = Number(row?.[0] ?? '0');
  if (count === 0) return [];
  return [
    {
      code: 'rows-in-default-partition',
      severity: 'warning',
      message: `${count === counted ? `${String(counted)} rows or more` : `${String(count)} rows`} of ${rule.table} are in the default partition ${relation}`,
      hint: 'the partition that they belong into cannot be made before they are out of it: move them, and do without a default partition',
    },
  ];
}
