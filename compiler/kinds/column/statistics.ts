/** Sets what ANALYZE keeps of a column and what it is told (manual: ALTER TABLE, SET STATISTICS, SET (attribute_option)). */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import type { StorageParameters } from '../attribute-types.ts';
import { lock, storageParameterChanges, tableOf } from '../statements.ts';
import { alterColumn } from './clause.ts';
import type { Column } from './object.ts';

function tell(column: Column, action: string): Statement {
  return statement({
    sql: alterColumn(column, action),
    purpose: `Change what ANALYZE keeps of ${pathText(column.path)}; it counts from the next one.`,
    subject: column.id,
    needs: [column.id],
    locks: lock('ShareUpdateExclusiveLock', tableOf(column)),
  });
}

/** -1 is the server's default on every major. */
export function setStatistics(column: Column, target: number | undefined): Statement {
  return tell(column, `SET STATISTICS ${String(target ?? -1)}`);
}

export function setOptions(column: Column, before: StorageParameters, after: StorageParameters): readonly Statement[] {
  return storageParameterChanges(before, after).map((action) => tell(column, action));
}
