/**
 * Looks whether the partitions of a database are as their rules want them, for monitoring: a stopped job
 * is told while there are still partitions ahead, not when inserts fail. Reads only, a replica too.
 */
import { databaseDiagnostics, type Connection } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import { lastAnalyzed } from './analyze.ts';
import { indexFindings, settingFindings } from './check-children.ts';
import { coverageFindings, readCoverage } from './check-coverage.ts';
import { retiredFindings, workFindings } from './check-work.ts';
import type { PartitionOptions } from './options.ts';
import { readRules, type Rule } from './rules.ts';
import { clockOf, readTable, withReader } from './session.ts';

/** The state of one table, for a dashboard. */
export interface TableHealth {
  readonly table: string;
  readonly managedBy: string | null;
  readonly partitions: number;
  /** Until when rows have a place; null where that cannot be told, or nothing takes the present ones. */
  readonly covered: string | null;
  /** Days from now until then. */
  readonly runway: number | null;
  readonly lastAnalyzed: string | null;
}

export interface CheckResult {
  readonly database: string;
  readonly at?: string;
  readonly tables: readonly TableHealth[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Aim at 40; planning and locks grow with the number (rule book §5.1). */
const many = 100;

function countFindings(rule: Rule, count: number): readonly Diagnostic[] {
  if (count <= many) return [];
  return [
    {
      code: 'partition-count',
      severity: 'warning',
      message: `${rule.table} has ${String(count)} partitions: a query that does not name ${rule.column} plans and locks them all`,
      hint: 'make partitions longer, or keep rows for a shorter time',
    },
  ];
}

async function analyzeFindings(
  connection: Connection,
  rule: Rule,
  at: string,
): Promise<{ last: string | null; findings: readonly Diagnostic[] }> {
  const [row] = await connection.rows(
    `SELECT last, coalesce(last, (SELECT min(l.as_of) FROM schemac.partition_log l WHERE l.parent = ${quoteText(rule.table)})) + ${quoteText(rule.analyzeEvery ?? '0')}::interval + interval '1 day' < ${quoteText(at)}::timestamptz
     FROM (${lastAnalyzed(rule.table)}) log(last)`,
  );
  const last = row?.[0] ?? null;
  if (rule.analyzeEvery === null || row?.[1] !== 't') return { last, findings: [] };
  return {
    last,
    findings: [
      {
        code: 'partition-analyze-late',
        severity: 'warning',
        message: `${rule.table} is to be analyzed every ${rule.analyzeEvery}, and was ${last === null ? 'never' : `last on ${last}`}`,
        hint: `npx schemac partitions apply does it; autovacuum analyzes partitions, and never the table as a whole`,
      },
    ],
  };
}

interface Checked {
  readonly health: TableHealth;
  readonly findings: readonly Diagnostic[];
}

async function checkTable(connection: Connection, rule: Rule, at: string): Promise<Checked> {
  const coverage = await readCoverage(connection, rule, at);
  const analyzed = rule.managedBy === null ? await analyzeFindings(connection, rule, at) : { last: null, findings: [] };
  const own =
    rule.managedBy === null
      ? [
          ...(await workFindings(connection, rule, at)),
          ...(await retiredFindings(connection, rule)),
          ...(await indexFindings(connection, rule)),
          ...(await settingFindings(connection, rule)),
          ...analyzed.findings,
        ]
      : [];
  return {
    health: {
      table: rule.table,
      managedBy: rule.managedBy,
      partitions: coverage.partitions,
      covered: coverage.covered,
      runway: coverage.runway,
      lastAnalyzed: analyzed.last,
    },
    findings: [...(await coverageFindings(connection, rule, coverage)), ...own, ...countFindings(rule, coverage.leaves)],
  };
}

function gone(rule: Rule): Diagnostic {
  return {
    code: 'no-partitioned-table',
    severity: 'warning',
    message: `there is a partition rule for ${rule.table}, and no such table`,
    hint: 'a migration takes the rule away with the table; a table that was renamed by hand has lost its rule',
  };
}

/** Checks every table that has a rule. What is wrong comes back as diagnostics. */
export async function checkPartitions(options: PartitionOptions): Promise<CheckResult> {
  const database = describeUrl(options.url);
  try {
    return await withReader(options, async (connection) => {
      const at = await clockOf(connection, options.at);
      const rules = await readRules(connection, options.tables);
      const checked: Checked[] = [];
      const failures: Diagnostic[] = [];
      for (const rule of rules.filter(({ exists }) => exists)) {
        const read = await readTable(connection, rule.table, () => checkTable(connection, rule, at));
        if ('found' in read) checked.push(read.found);
        else failures.push(read.failure);
      }
      const diagnostics = [...rules.filter(({ exists }) => !exists).map(gone), ...failures, ...checked.flatMap(({ findings }) => findings)];
      return { database, at, tables: checked.map(({ health }) => health), diagnostics };
    });
  } catch (error) {
    return { database, tables: [], diagnostics: databaseDiagnostics(error, database) };
  }
}
