/**
 * Attaches a retired partition again, so that its rows are seen through the table while somebody looks
 * into something, and detaches one before its time. Maintenance detaches it again when the time is over.
 */
import { PostgresError } from '../engine/engine.ts';
import { databaseDiagnostics, type Connection } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import { DiagnosticError, fail } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import { stepFailure } from './failure.ts';
import type { MaintenanceResult, PartitionOptions, PlannedStep } from './options.ts';
import { ownRules, readRules } from './rules.ts';
import { retire } from './retire.ts';
import { withMaintenance, type Maintenance } from './session.ts';
import { inTransaction } from './step.ts';

/** A relation by its name, of the schema public where it has none; as it is written in the log. */
async function relationOf(connection: Connection, name: string): Promise<string> {
  const [row] = await connection.rows(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = pg_catalog.to_regclass(${quoteText(name.includes('.') ? name : `public.${name}`)})`,
  );
  return (
    row?.[0] ??
    fail('no-such-partition', `there is no table ${name}`, { hint: 'give its name with its schema, such as archive.digests_p20260101' })
  );
}

/** Who maintains the table that it was retired from, and the entry that began it. */
async function retiredFrom(connection: Connection, relation: string) {
  for (const rule of ownRules(await readRules(connection, undefined))) {
    const [row] = await connection.rows(
      `SELECT entry, bound, lower, upper FROM schemac.partition_retired(${quoteText(rule.table)}) WHERE relation = ${quoteText(relation)}`,
    );
    if (row !== undefined) return { rule, entry: row[0] ?? '0', bound: row[1] ?? '', lower: row[2] ?? null, upper: row[3] ?? null };
  }
  return fail('no-such-partition', `${relation} was not retired from a table of ours: it does not bear the mark`, {
    hint: `attach it by hand: ALTER TABLE … ATTACH PARTITION ${relation} FOR VALUES …`,
  });
}

/** Columns that the table got since: without them ATTACH is refused (42804). */
async function missingColumns(connection: Connection, table: string, relation: string): Promise<readonly string[]> {
  const rows = await connection.rows(
    `SELECT pg_catalog.format('ADD COLUMN %I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = ${quoteText(table)}::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN
       (SELECT own.attname FROM pg_catalog.pg_attribute own WHERE own.attrelid = ${quoteText(relation)}::regclass AND NOT own.attisdropped) ORDER BY a.attnum`,
  );
  return rows.map(([column]) => column ?? '');
}

async function attach(maintenance: Maintenance, name: string, hold: string): Promise<PlannedStep> {
  const { worker, at } = maintenance;
  const relation = await relationOf(worker, name);
  const { rule, entry, bound, lower, upper } = await retiredFrom(worker, relation);
  const columns = await missingColumns(worker, rule.table, relation);
  if (columns.length > 0) {
    fail('retired-partition-differs', `${rule.table} has columns that ${relation} lacks, since it was retired before they came`, {
      hint: `add them first: ALTER TABLE ${relation} ${columns.join(', ')}`,
    });
  }
  const step: PlannedStep = {
    table: rule.table,
    action: 'attach',
    relation,
    lower,
    upper,
    bound,
    reason: `for ${hold}`,
    when: 'now',
    entry,
  };
  await inTransaction(maintenance, `attaching ${relation}`, async (ask) => {
    await ask(`ALTER TABLE ${rule.table} ATTACH PARTITION ${relation} ${bound}`);
    const [row] = await ask(`SELECT detail ->> 'comment' FROM schemac.partition_log WHERE id = ${entry}`);
    await ask(`COMMENT ON TABLE ${relation} IS ${row?.[0] === null || row === undefined ? 'NULL' : quoteText(row[0] ?? '')}`);
    return ask(
      `INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry, held_until)
       SELECT parent, ${quoteText(relation)}, 'attached', lower, upper, bound, ${quoteText(at)}::timestamptz, id, ${quoteText(at)}::timestamptz + ${quoteText(hold)}::interval
       FROM schemac.partition_log WHERE id = ${entry}`,
    );
  });
  return step;
}

async function detach(maintenance: Maintenance, name: string): Promise<PlannedStep> {
  const { worker, at } = maintenance;
  const relation = await relationOf(worker, name);
  for (const rule of ownRules(await readRules(worker, undefined))) {
    const [row] = await worker.rows(
      `SELECT bound, lower, upper, coalesce(upper > ${quoteText(at)}::timestamptz, false) FROM schemac.partition_list(${quoteText(rule.table)}) WHERE relation = ${quoteText(relation)}`,
    );
    if (row === undefined) continue;
    if (row[3] === 't' && maintenance.options.caution !== 'none') {
      fail('present-partition', `${relation} takes the present rows of ${rule.table}, or those to come: they would be refused`, {
        hint: 'add --force where you mean it',
      });
    }
    const [bound, lower = null, upper = null] = row;
    const step: PlannedStep = {
      table: rule.table,
      action: 'retire',
      relation,
      lower,
      upper,
      bound: bound ?? '',
      reason: 'asked for',
      when: 'now',
    };
    await retire(maintenance, step);
    return step;
  }
  return fail('no-such-partition', `${relation} is no partition of a table with a rule`, {
    hint: 'npx schemac partitions check lists the tables',
  });
}

/** One step that somebody asked for, with what went wrong as diagnostics. */
async function once(options: PartitionOptions, perform: (maintenance: Maintenance) => Promise<PlannedStep>): Promise<MaintenanceResult> {
  const database = describeUrl(options.url);
  try {
    return await withMaintenance(options, async (maintenance) => {
      const step = await perform(maintenance);
      return { database, at: maintenance.at, steps: [{ ...step, outcome: 'done' }], diagnostics: [] };
    });
  } catch (error) {
    if (error instanceof DiagnosticError) return { database, steps: [], diagnostics: error.diagnostics };
    if (error instanceof PostgresError) {
      const step: PlannedStep = {
        table: 'its table',
        action: 'attach',
        relation: 'the partition',
        lower: null,
        upper: null,
        bound: '',
        reason: '',
        when: 'now',
      };
      return { database, steps: [], diagnostics: [stepFailure(step, error)] };
    }
    return { database, steps: [], diagnostics: databaseDiagnostics(error, database) };
  }
}

/** @param hold an interval: how long maintenance leaves it attached. */
export function attachPartition(options: PartitionOptions, name: string, hold: string): Promise<MaintenanceResult> {
  return once(options, (maintenance) => attach(maintenance, name, hold));
}

/** Detaches it as retirement does, at once; what the rule then says of it happens in the next run. */
export function detachPartition(options: PartitionOptions, name: string): Promise<MaintenanceResult> {
  return once(options, (maintenance) => detach(maintenance, name));
}
