/**
 * Sets a column's compression method. lz4 is a build option of the server (manual: ALTER TABLE, SET
 * COMPRESSION), so the statement is made only where the server has it: one without keeps pglz, the
 * migration goes on, and drift tells.
 */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { lock, tableOf } from '../statements.ts';
import type { Column } from './object.ts';

export function setCompression(column: Column, method: string): Statement {
  const alter = `ALTER TABLE ${qualifiedName(column.path.slice(0, 2))} ALTER COLUMN ${quoteName(column.path[2] ?? '')} SET COMPRESSION ${method}`;
  const base = {
    subject: column.id,
    needs: [column.id],
    locks: lock('AccessExclusiveLock', tableOf(column)),
  };
  if (method !== 'lz4') {
    return statement({ ...base, sql: alter, purpose: `Compress ${pathText(column.path)} with ${method}; existing rows stay as they are.` });
  }
  return statement({
    ...base,
    step: 'expand',
    sql: [
      `SELECT ${quoteText(alter)}`,
      "WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))",
    ].join('\n'),
    purpose: `Compress ${pathText(column.path)} with lz4 where the server was built with it; existing rows stay as they are.`,
    carries: { object: column.id, attribute: 'compression', value: 'lz4' },
  });
}
