/** A partition key and a bound as text, in the spelling of PostgreSQL's own: `RANGE (created_at)`, `FOR VALUES IN ('eu')`. */
import type { HashChild, ListChild, PartedAgain, PartitionInput, RangeChild } from '../dsl/partitions.ts';
import type { Address } from '../model/address.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { TableContext } from './compose-table.ts';
import { renderSql } from './render-sql.ts';

/** `RANGE (created_at)`, as PostgreSQL prints a partition key. */
export function partitionKeyText(by: PartitionInput | PartedAgain | undefined, inner: TableContext): string | undefined {
  if (by === undefined) return undefined;
  const place = { at: inner.table.origin, keys: ['partitionBy'], what: `the partition key of table "${inner.table.name}"` };
  const keys = by.keys.map((key) => (typeof key === 'string' ? quoteName(key) : `(${renderSql(key, place, inner).text})`));
  return `${by.strategy.toUpperCase()} (${keys.join(', ')})`;
}

type BoundPlace = Parameters<typeof renderSql>[1];

/** `FOR VALUES IN ('eu')`, as PostgreSQL prints a bound. */
export function boundText(by: PartitionInput, child: PartitionInput['children'][string], place: BoundPlace, inner: TableContext) {
  const needs: Address[] = [];
  const value = (each: unknown): string => {
    const { text, needs: more } = renderSql(each, place, inner);
    needs.push(...more);
    return text;
  };
  if ('default' in child) return { text: 'DEFAULT', needs };
  if (by.strategy === 'hash') {
    return { text: `FOR VALUES WITH (modulus ${by.modulus}, remainder ${(child as HashChild).remainder})`, needs };
  }
  if (by.strategy === 'list') {
    const values = (child as ListChild).values.map((each) =>
      each === null ? 'NULL' : typeof each === 'string' ? quoteText(each).trim() : value(each),
    );
    return { text: `FOR VALUES IN (${values.join(', ')})`, needs };
  }
  const side = (each: RangeChild['from'] | RangeChild['to']): string => {
    const parts: readonly unknown[] = Array.isArray(each) ? each : [each];
    return parts.map((part) => (part === 'minvalue' || part === 'maxvalue' ? part.toUpperCase() : value(part))).join(', ');
  };
  const { from, to } = child as RangeChild;
  return { text: `FOR VALUES FROM (${side(from)}) TO (${side(to)})`, needs };
}
