/** Sets how a column's values are stored (manual: ALTER TABLE, SET STORAGE); existing rows stay as they are. */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { lock, tableOf } from '../statements.ts';
import { alterColumn } from './clause.ts';
import type { Column } from './object.ts';

export function setStorage(column: Column, storage: string): Statement {
  return statement({
    sql: alterColumn(column, `SET STORAGE ${storage.toUpperCase()}`),
    purpose: `Store ${pathText(column.path)} as ${storage}; existing rows stay as they are.`,
    subject: column.id,
    needs: [column.id],
    locks: lock('AccessExclusiveLock', tableOf(column)),
  });
}
