/**
 * Gaps between the bounds of declared partitions, in which rows would be refused (23514). Only what can be
 * told from constants that are all written in one form; nothing is read as SQL, and no verdict is no gap.
 */
import { constantOf, splitList } from '../sql/list.ts';
import { rangeOf } from './partition-source.ts';

export interface NamedBound {
  readonly name: string;
  /** `FOR VALUES FROM (0) TO (10)`, as PostgreSQL prints it. */
  readonly bound: string;
}

/** Forms in which two texts are equal exactly where their values are. */
const forms = [
  /^-?(0|[1-9]\d*)$/,
  /^'\d{4}-\d\d-\d\d'$/,
  /^'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'$/,
  /^'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00'$/,
  /^'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'$/,
];
const isEnd = (text: string): boolean => text === 'MINVALUE' || text === 'MAXVALUE';

interface Range {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function rangesOf(parts: readonly NamedBound[]): readonly Range[] | undefined {
  const sides = parts.map(({ name, bound }) => ({ name, range: rangeOf(bound) }));
  const values = sides.flatMap(({ range }) => [...(range?.from ?? []), ...(range?.to ?? [])]).filter((text) => !isEnd(text));
  if (sides.some(({ range }) => range?.from.length !== 1) || !forms.some((form) => values.every((text) => form.test(text))))
    return undefined;
  return sides.map(({ name, range }) => ({ name, from: range?.from[0] ?? '', to: range?.to[0] ?? '' }));
}

function isLess(left: string, right: string): boolean {
  if (left === 'MINVALUE' || right === 'MAXVALUE') return left !== right;
  const [one, other] = [constantOf(left), constantOf(right)];
  return typeof one === 'string' ? left < right : Number(one) < Number(other);
}

/** Where one partition ends and none begins, though another begins later. */
function rangeGap(parts: readonly NamedBound[]): string | undefined {
  const sorted = [...(rangesOf(parts) ?? [])].sort((left, right) => (isLess(left.from, right.from) ? -1 : 1));
  for (const [place, range] of sorted.entries()) {
    const next = sorted[place + 1];
    if (next !== undefined && isLess(range.to, next.from)) {
      return `take nothing between "${range.name}", which ends at ${range.to}, and "${next.name}", which begins at ${next.from}`;
    }
  }
  return undefined;
}

/** A value that the type has and no list takes. */
function listGap(parts: readonly NamedBound[], labels: readonly string[]): string | undefined {
  const lists = parts.map(({ bound }) => /^FOR VALUES IN \((.*)\)$/s.exec(bound)?.[1]);
  const taken = lists.flatMap((list) => splitList(list ?? '').map(constantOf));
  if (lists.includes(undefined) || taken.includes(undefined)) return undefined;
  const left = labels.filter((label) => !taken.includes(label));
  return left.length === 0 ? undefined : `take no row with ${left.map((label) => JSON.stringify(label)).join(', ')}`;
}

/**
 * What the partitions leave out, as the rest of a sentence about them; undefined where there is nothing, or
 * nothing can be told. A default partition leaves out nothing.
 * @param labels all values of the key, where its type is an enum.
 */
export function partitionGap(parts: readonly NamedBound[], labels: readonly string[] | undefined): string | undefined {
  if (parts.length === 0 || parts.some(({ bound }) => bound === 'DEFAULT')) return undefined;
  if (rangeOf(parts[0]?.bound ?? '') !== undefined) return rangeGap(parts);
  return labels === undefined ? undefined : listGap(parts, labels);
}
