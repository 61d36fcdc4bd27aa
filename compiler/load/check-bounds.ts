/**
 * Bounds of declared partitions that cannot be: a value in two lists, ranges that overlap, rows that none
 * takes. Only what can be told from numbers and texts as they were written; PostgreSQL judges the rest.
 */
import type { HashChild, PartitionInput, RangeChild } from '../dsl/partitions.ts';
import { wordOf } from '../dsl/declaration.ts';
import { partitionGap, type NamedBound } from '../kinds/partition-gaps.ts';
import type { TableContext } from './compose-table.ts';

/** The labels of the key's enum, and the two of a boolean; undefined for every other type. */
function labelsOf(by: PartitionInput, inner: TableContext): readonly string[] | undefined {
  const [key] = by.keys;
  const column = typeof key === 'string' ? inner.table.columnList.find(({ name }) => name === key) : undefined;
  const type = column === undefined ? undefined : inner.typeOf(inner.table, column);
  if (type === undefined || type.text.endsWith('[]')) return undefined;
  const found = [...inner.addressOf].find(([declared, id]) => wordOf(declared) === 'enum' && type.needs.includes(id));
  return (found?.[0] as { readonly values?: readonly string[] } | undefined)?.values;
}

/** Reports rows that no partition takes: they would be refused (23514). */
export function checkGaps(by: PartitionInput, parts: readonly NamedBound[], keys: readonly string[], inner: TableContext): void {
  const gap = by.gaps === true ? undefined : partitionGap(parts, labelsOf(by, inner));
  if (gap === undefined) return;
  inner.report({
    code: 'partition-bounds-gap',
    message: `the partitions of table "${inner.table.name}" ${gap}: such rows would be refused`,
    hint: 'declare a partition for them; or say gaps: true beside children, where they are to be refused',
    at: inner.table.origin,
    keys,
  });
}

/** Reports what is wrong with the bounds of declared partitions. */
export function checkParts(by: PartitionInput, keys: readonly string[], inner: TableContext): void {
  if (by.strategy === 'hash') checkRemainders(by, keys, inner);
  else checkBounds(by, keys, inner);
}

/** Each remainder once: PostgreSQL refuses two, and a missing one leaves rows without a place. */
function checkRemainders(by: PartitionInput, keys: readonly string[], inner: TableContext): void {
  const modulus = by.modulus ?? 0;
  const found = Object.values(by.children).map((child) => (child as HashChild).remainder);
  const missing = Array.from({ length: Math.min(modulus, 10_000) }, (_, remainder) => remainder).filter((each) => !found.includes(each));
  const wrong = found.filter((each, index) => !Number.isInteger(each) || each < 0 || each >= modulus || found.indexOf(each) !== index);
  if (missing.length === 0 && wrong.length === 0 && modulus > 0) return;
  inner.report({
    code: 'hash-remainders',
    message: `table "${inner.table.name}" is partitioned by hash with modulus ${modulus}, and ${
      wrong.length > 0 ? `the remainder ${wrong[0]} is out of range or there twice` : `no partition takes the remainder ${missing[0] ?? 0}`
    }`,
    hint: 'declare one partition for each remainder from 0 to the modulus less 1',
    at: inner.table.origin,
    keys,
  });
}

/** Reports the first pair of partitions that would take the same rows. */
function checkBounds(by: PartitionInput, keys: readonly string[], inner: TableContext): void {
  const clash = by.strategy === 'list' ? sameValue(by) : overlap(by);
  if (clash === undefined) return;
  inner.report({
    code: 'partition-bounds',
    message: `the partitions "${clash.first}" and "${clash.second}" of table "${inner.table.name}" ${clash.what}`,
    hint: 'each row belongs into one partition: take it out of one of them',
    at: inner.table.origin,
    keys: [...keys, clash.second],
  });
}

interface Clash {
  readonly first: string;
  readonly second: string;
  readonly what: string;
}

/** A value as it can be compared; undefined for an expression. */
function known(value: unknown): string | undefined {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? `the value ${String(value)}` : undefined;
}

function sameValue(by: PartitionInput): Clash | undefined {
  const seen = new Map<string, string>();
  for (const [name, child] of Object.entries(by.children)) {
    for (const value of 'values' in child ? child.values : []) {
      const text = known(value);
      const first = text === undefined ? undefined : seen.get(text);
      if (first !== undefined) return { first, second: name, what: `both take ${text ?? ''}` };
      if (text !== undefined) seen.set(text, name);
    }
  }
  return undefined;
}

type Side = RangeChild['from'] | RangeChild['to'];

/** One side of a range of one number; undefined where it is anything else. */
function numberOf(side: Side): number | undefined {
  const values: readonly unknown[] = Array.isArray(side) ? side : [side];
  const [value] = values;
  if (values.length !== 1) return undefined;
  if (value === 'minvalue') return Number.NEGATIVE_INFINITY;
  if (value === 'maxvalue') return Number.POSITIVE_INFINITY;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function overlap(by: PartitionInput): Clash | undefined {
  const ranges = Object.entries(by.children).flatMap(([name, child]): readonly Range[] => {
    if (!('from' in child)) return [];
    const [from, to] = [numberOf(child.from), numberOf(child.to)];
    return from === undefined || to === undefined ? [] : [{ name, from, to }];
  });
  const sorted = [...ranges].sort((left, right) => left.from - right.from);
  for (const [place, range] of sorted.entries()) {
    const next = sorted[place + 1];
    if (next !== undefined && next.from < range.to) {
      return { first: range.name, second: next.name, what: `overlap from ${String(next.from)} on` };
    }
  }
  return undefined;
}
