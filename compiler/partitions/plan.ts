/**
 * What is to be done at a time, as the plan function in the database says it; nothing is decided here
 * but how much of it one run does. Changes nothing.
 */
import { readCalendar, type Calendar } from './calendar.ts';
import { databaseDiagnostics, type Connection } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import type { Action, PartitionOptions, PlannedStep } from './options.ts';
import { ownRules, readRules, type Rule } from './rules.ts';
import { clockOf, readTable, withReader } from './session.ts';

/** Of these a run does no more than the rule's limit: what a wrong clock could do too much of. */
const limited: ReadonlySet<Action> = new Set(['retire', 'drop']);

/** The steps of one rule, in their order; those of retirement alone are cheaper to ask for. */
export async function readSteps(
  connection: Connection,
  rule: Rule,
  at: string,
  caution: PartitionOptions['caution'] = 'rule',
  part: 'plan' | 'retirement' = 'plan',
): Promise<readonly PlannedStep[]> {
  const rows = await connection.records(
    `SELECT action, relation, lower, upper, bound, reason, entry FROM schemac.partition_${part}(${quoteText(rule.table)}, ${quoteText(at)}::timestamptz)`,
  );
  const counts = new Map<Action, number>();
  return rows.map((row): PlannedStep => {
    const action = row['action'] as Action;
    const count = (counts.get(action) ?? 0) + 1;
    counts.set(action, count);
    return {
      table: rule.table,
      action,
      relation: row['relation'] ?? '',
      lower: row['lower'] ?? null,
      upper: row['upper'] ?? null,
      bound: row['bound'] ?? '',
      reason: row['reason'] ?? '',
      when: caution === 'rule' && limited.has(action) && count > rule.retireLimit ? 'later' : 'now',
      ...(row['entry'] === null || row['entry'] === undefined ? {} : { entry: row['entry'] }),
    };
  });
}

export interface PlanResult {
  readonly database: string;
  readonly at?: string;
  readonly steps: readonly PlannedStep[];
  readonly calendar: readonly Calendar[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a run at that time would do, and what comes next. What is wrong comes back as diagnostics. */
export async function planPartitions(options: PartitionOptions): Promise<PlanResult> {
  const database = describeUrl(options.url);
  try {
    return await withReader(options, async (connection) => {
      const at = await clockOf(connection, options.at);
      const rules = ownRules(await readRules(connection, options.tables));
      const steps: PlannedStep[] = [];
      const calendar: Calendar[] = [];
      const diagnostics: Diagnostic[] = [];
      for (const rule of rules) {
        const read = await readTable(connection, rule.table, async () => ({
          planned: await readSteps(connection, rule, at, options.caution),
          days: await readCalendar(connection, rule, at),
        }));
        if ('failure' in read) diagnostics.push(read.failure);
        else {
          steps.push(...read.found.planned);
          calendar.push(read.found.days);
        }
      }
      return { database, at, steps, calendar, diagnostics };
    });
  } catch (error) {
    return { database, steps: [], calendar: [], diagnostics: databaseDiagnostics(error, database) };
  }
}
