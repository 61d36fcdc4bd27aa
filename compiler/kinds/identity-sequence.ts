/**
 * The sequence behind an identity column has a name of its own, which PostgreSQL makes of the table's
 * and the column's and never changes: a rename of one of them takes the sequence along, where it has
 * the name that it was given.
 */
import { pathText } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import { statement, type Statement } from '../model/statement.ts';
import { byteLength, nameLimit } from '../sql/names.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';

/** PostgreSQL's own name for it; undefined where PostgreSQL would cut it in its own way. */
function usualName(path: readonly string[]): string | undefined {
  const name = [...path.slice(1), 'seq'].join('_');
  return byteLength(name) <= nameLimit ? name : undefined;
}

/** `column` is the identity column as it was; `path` is where it is now: schema, table, column. */
export function renameIdentitySequence(column: SchemaObject, path: readonly string[]): readonly Statement[] {
  const old = column.facts?.['sequence'];
  const now = usualName(path);
  if (typeof old !== 'string' || old !== usualName(column.path) || now === undefined || now === old) return [];
  const rename = (from: string, to: string): string => `ALTER SEQUENCE ${qualifiedName([path[0] ?? '', from])} RENAME TO ${quoteName(to)}`;
  return [
    statement({
      sql: rename(old, now),
      purpose: `Let the identity sequence of ${pathText(path)} follow its name.`,
      subject: column.id,
      reverse: rename(now, old),
    }),
  ];
}
