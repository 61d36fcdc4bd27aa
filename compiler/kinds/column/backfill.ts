/**
 * Gives existing rows the value of a new column, batch by batch, so that no row stays locked for
 * long and vacuum can follow.
 */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { batchedUpdate } from '../../sql/batched-update.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { hazard } from '../statements.ts';
import type { Column } from './object.ts';

export function backfillColumn(column: Column, expression: string, needs: readonly string[]): Statement {
  const table = qualifiedName(column.path.slice(0, 2));
  const name = quoteName(column.path[2] ?? '');
  // Where the column may stay null, a row for which the value is null would be met again wherever its update put it.
  const where = column.attributes.nullable ? `${name} IS NULL AND (${expression}) IS NOT NULL` : `${name} IS NULL`;
  return statement({
    sql: batchedUpdate({ table, set: `${name} = ${expression}`, where }),
    purpose: `Fill ${pathText(column.path)} of existing rows, batch by batch.`,
    subject: column.id,
    step: 'backfill',
    ...(column.partOf === undefined ? {} : { batches: column.partOf }),
    needs: [column.id, ...needs],
    hazards: [hazard('long-scan', column.partOf ?? column.id, 'every row without the value is updated, in small transactions')],
  });
}
