/**
 * A column that is filled beside another one while everybody writes: added without a value, filled by a
 * trigger for every row that is written and by a backfill for the others, then NOT NULL, all of it
 * without stopping the table. What becomes of the two columns is told elsewhere.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { batchedUpdate } from '../../sql/batched-update.ts';
import { constraintName } from '../../sql/names.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { lastTriggerName, rowTrigger, type RowTriggerSql } from '../../sql/row-trigger.ts';
import type { PlanContext } from '../contract.ts';
import { hazard, lock, tableOf } from '../statements.ts';
import { columnClause } from './clause.ts';
import { addColumn, columnSettings } from './create.ts';
import { setNotNull } from './not-null.ts';
import type { Column } from './object.ts';

export interface Filling {
  /** As it is to be, under the name that it has meanwhile; without an identity. */
  readonly column: Column;
  readonly from: Column;
  readonly trigger: RowTriggerSql;
  /** The value of existing rows, an expression over the columns of the table. */
  readonly expression: string;
  /** What it is beside the old one, in words. */
  readonly purpose: string;
  readonly hazards: readonly Hazard[];
}

/** The trigger that fills a column; `body` is PL/pgSQL. */
export function fillingTrigger(column: Column, body: string, settings: readonly string[] = []): RowTriggerSql {
  const [schema = '', table = '', name = ''] = column.path;
  return rowTrigger({
    table: [schema, table],
    name: lastTriggerName(constraintName(table, [name], 'sync')),
    timing: 'BEFORE',
    events: ['INSERT', 'UPDATE'],
    body,
    settings,
  });
}

export function fillBeside(filling: Filling, context: PlanContext): readonly Statement[] {
  const steps = [...add(filling), ...keepInStep(filling), ...fill(filling, context)];
  // Taken back step by step it would be half a column.
  return steps.map(({ reverse: _, ...step }) => step);
}

function add({ column, purpose }: Filling): readonly Statement[] {
  const nullable: Column = { ...column, attributes: { ...column.attributes, nullable: true } };
  return [
    { ...addColumn(nullable, columnClause(nullable)), purpose: `Add ${column.path[2] ?? ''} to ${relationWords(column)}, ${purpose}.` },
    ...columnSettings(column),
  ];
}

function relationWords(column: Column): string {
  return pathText(column.path.slice(0, 2));
}

function keepInStep({ column, from, trigger }: Filling): readonly Statement[] {
  const [name, other] = [column.path[2] ?? '', from.path[2] ?? ''];
  const base = { subject: from.id, needs: [column.id], atomic: `synchronise ${column.id}` };
  const locks = lock('ShareRowExclusiveLock', tableOf(column));
  return [
    statement({ ...base, sql: trigger.create.routine, purpose: `The function that gives ${name} the value of ${other}.` }),
    statement({
      ...base,
      sql: trigger.create.trigger,
      purpose: `From now on whoever writes a row of ${relationWords(column)} fills ${name}.`,
      locks,
    }),
    statement({ ...base, sql: trigger.create.always, purpose: 'Rows that replication applies are among them.', locks }),
  ];
}

/** Existing rows, then NOT NULL and statistics: whatever uses it afterwards finds it whole. */
function fill({ column, from, expression, hazards }: Filling, context: PlanContext): readonly Statement[] {
  const [name, table] = [quoteName(column.path[2] ?? ''), qualifiedName(column.path.slice(0, 2))];
  const reads = hazard('long-scan', tableOf(column), 'every row is updated, in small transactions');
  return [
    statement({
      sql: batchedUpdate({
        table,
        set: `${name} = ${expression}`,
        // Unlike IS NULL it takes a composite value of nulls for a value.
        where: `${name} IS NOT DISTINCT FROM NULL AND (${expression}) IS DISTINCT FROM NULL`,
      }),
      purpose: `Fill ${pathText(column.path)} from ${from.path[2] ?? ''}, batch by batch.`,
      subject: address('column', ...column.path),
      step: 'backfill',
      ...(column.partOf === undefined ? {} : { batches: column.partOf }),
      needs: [column.id],
      hazards: [reads, ...hazards],
    }),
    ...(column.attributes.nullable ? [] : setNotNull(column, context)),
    statement({
      sql: `ANALYZE ${table} (${name})`,
      purpose: `Gather the statistics of ${pathText(column.path)}.`,
      subject: from.id,
      needs: [column.id],
      step: 'validate',
      locks: lock('ShareUpdateExclusiveLock', tableOf(column)),
    }),
  ];
}
