/**
 * Names that the compiler computes, by PostgreSQL's own convention (`t_a_b_key`, `t_pkey`), never
 * over 63 bytes: where PostgreSQL would cut the parts, we cut the whole and add a hash tail, so that
 * two long names stay two names.
 */
import { createHash } from 'node:crypto';

/** NAMEDATALEN - 1; what is longer PostgreSQL cuts with a notice (manual §4.1.1). */
export const nameLimit = 63;

export function byteLength(name: string): number {
  return Buffer.byteLength(name, 'utf8');
}

/** The name itself, or its beginning with eight hexadecimal digits of its hash. */
export function limitName(name: string): string {
  if (byteLength(name) <= nameLimit) return name;
  const tail = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  let head = '';
  for (const character of name) {
    if (byteLength(head) + byteLength(character) + tail.length > nameLimit) break;
    head += character;
  }
  return head + tail;
}

/** `table_column_column_suffix`, as PostgreSQL's ChooseConstraintName and ChooseIndexName do. */
export function constraintName(table: string, columns: readonly string[], suffix: string): string {
  return limitName([table, ...columns, suffix].join('_'));
}
