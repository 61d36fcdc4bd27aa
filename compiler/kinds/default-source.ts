/**
 * A default or a bound as a person writes it: a constant where PostgreSQL prints one of the column's
 * own type, sql`…` for everything else. What it does not know for sure stays SQL.
 */
import type { Address } from '../model/address.ts';
import { callNode, valueNode, type SourceNode } from '../model/source.ts';
import { constantOf } from '../sql/list.ts';
import type { AuthorContext } from './author.ts';

/** PostgreSQL prints the constant's type without length or precision, and `bpchar` for character(n). */
function castOf(type: string): string {
  const bare = type.replace(/\([\d,]+\)/, '');
  return bare === 'character' ? 'bpchar' : bare;
}

const integers = new Set(['smallint', 'integer', 'bigint']);

/** The default of a column or domain of a type. */
export function defaultNode(expression: string, type: string, dependsOn: readonly Address[], context: AuthorContext): SourceNode {
  const bare = constantOf(expression);
  if (typeof bare === 'number' || typeof bare === 'bigint' || typeof bare === 'boolean') return valueNode(bare);
  const cast = `::${castOf(type)}`;
  const constant = expression.endsWith(cast) ? constantOf(expression.slice(0, -cast.length)) : undefined;
  if (typeof constant !== 'string') return context.sql(expression, dependsOn);
  if (integers.has(type) && /^-\d+$/.test(constant)) return valueNode(constantOf(constant) ?? constant);
  return callNode('literal', valueNode(constant));
}
