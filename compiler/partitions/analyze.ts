/**
 * Statistics of a partitioned table as a whole. Autovacuum analyzes its partitions and never the table
 * itself (manual §25.1.3), so that somebody must, when partitions come or go and from time to time.
 */
import { quoteText } from '../sql/quote.ts';
import type { DoneStep, PlannedStep } from './options.ts';
import type { Rule } from './rules.ts';
import type { Maintenance } from './session.ts';
import { PostgresError } from '../engine/engine.ts';
import { work } from '../migrate/session.ts';

/** When the table was analyzed last by the clock of a run, from the log: the server's own counters can be reset. */
export function lastAnalyzed(table: string): string {
  return `SELECT max(as_of) FROM schemac.partition_log WHERE parent = ${quoteText(table)} AND action = 'analyzed'`;
}

async function isDue({ worker, at }: Maintenance, rule: Rule): Promise<boolean> {
  if (rule.analyzeEvery === null) return false;
  const [row] = await worker.rows(
    `SELECT coalesce((${lastAnalyzed(rule.table)}) + ${quoteText(rule.analyzeEvery)}::interval <= ${quoteText(at)}::timestamptz, true)`,
  );
  return row?.[0] === 't';
}

/** Since 18 ONLY leaves out the partitions, which autovacuum takes care of (manual: ANALYZE). */
function statement({ server }: Maintenance, table: string): string {
  return `ANALYZE ${server.major >= 18 ? 'ONLY ' : ''}${table}`;
}

/**
 * Analyzes the table where its partitions changed or its interval is over. ANALYZE waits for other
 * maintenance of the table only; where that goes on, the next run does it.
 */
export async function analyze(maintenance: Maintenance, rule: Rule, state: 'changed' | 'unchanged', steps: DoneStep[]): Promise<void> {
  if (state === 'unchanged' && !(await isDue(maintenance, rule))) return;
  const reason = state === 'changed' ? 'its partitions changed' : `it is analyzed every ${rule.analyzeEvery ?? ''}`;
  const step: PlannedStep = {
    table: rule.table,
    action: 'analyze',
    relation: rule.table,
    lower: null,
    upper: null,
    bound: '',
    reason,
    when: 'now',
  };
  const { worker, at } = maintenance;
  await worker.rows(`SET lock_timeout = '2s'`);
  try {
    await work(maintenance, statement(maintenance, rule.table), () => `analyzing ${rule.table}`);
    await worker.rows(
      `INSERT INTO schemac.partition_log (parent, relation, action, as_of) VALUES (${quoteText(rule.table)}, ${quoteText(rule.table)}, 'analyzed', ${quoteText(at)}::timestamptz)`,
    );
    steps.push({ ...step, outcome: 'done' });
  } catch (error) {
    if (!(error instanceof PostgresError) || error.code !== '55P03') throw error;
    steps.push({ ...step, outcome: 'left' });
  } finally {
    if (!maintenance.signal.aborted) await worker.rows('SET lock_timeout = 0').catch(() => undefined);
  }
}
