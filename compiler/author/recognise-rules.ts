/**
 * Partitions that line up on the calendar become the rule that would have made them, whatever they are
 * called. What is irregular in any way (a gap in the form, a default partition, an index, a comment or
 * a storage parameter of one alone) stays declared child by child: a rule would lose it.
 */
import { isColumn, isPartition, isPartitionRule, isTable } from '../kinds/guards.ts';
import { declarePartitionRule } from '../kinds/partition-rule/declare.ts';
import { declarePartitionSupport } from '../kinds/partition-support/declare.ts';
import { dividesDay, dividesYear } from '../kinds/partition-rule/interval.ts';
import type { Partition } from '../kinds/partition/object.ts';
import { partitionKey, rangeOf } from '../kinds/partition-source.ts';
import { columnNamed } from '../kinds/key-source.ts';
import type { Table } from '../kinds/table/object.ts';
import { address, type Address } from '../model/address.ts';
import { partsOf, sameJson, stateOf, type SchemaObject, type State } from '../model/object.ts';
import { constantOf } from '../sql/list.ts';

export interface Recognised {
  /** Rules in place of the partitions that they stand for. */
  readonly state: State;
  readonly rules: readonly { readonly table: Address; readonly every: string; readonly partitions: number; readonly zone?: string }[];
}

const times = new Set(['date', 'timestamp without time zone', 'timestamp with time zone']);
const utc = 'UTC';
/** Fewer partitions show no rule. */
const enough = 2;

/**
 * Months and days of UTC, and of one other time zone where somebody says which: the same bounds are on
 * the calendar of many, and the next change of a clock would tell them apart.
 */
export function recogniseRules(state: State, zone = utc): Recognised {
  const gone = new Set<Address>();
  const made: SchemaObject[] = [];
  const rules: Recognised['rules'][number][] = [];
  for (const table of [...state.values()].filter(isTable)) {
    const found = ruleOf(table, state, zone);
    if (found === undefined) continue;
    for (const { id } of found.partitions) gone.add(id);
    made.push(found.rule);
    const { attributes } = found.rule;
    const elsewhere = attributes.zone === utc ? {} : { zone: attributes.zone };
    rules.push({ table: table.id, every: found.every, partitions: found.partitions.length, ...elsewhere });
  }
  const hasRules = made.length > 0 || [...state.values()].some(isPartitionRule);
  if (!hasRules) return { state, rules };
  const support = declarePartitionSupport();
  const kept = [...state.values()].filter(({ id }) => !gone.has(id));
  return { state: stateOf([...kept, ...(state.has(support.id) ? [] : [support]), ...made]), rules };
}

function ruleOf(table: Table, state: State, zone: string) {
  const column = keyColumn(table, state);
  if (column === undefined || state.has(address('partition-rule', ...table.path))) return undefined;
  const partitions = partsOf(state, table.id).filter(isPartition);
  const [first] = partitions;
  if (first === undefined || partitions.length < enough || !partitions.every((each) => isPlain(each, first, table, state)))
    return undefined;
  const bounds = partitions.map(({ attributes }) => attributes.bound);
  const grid = gridOf(bounds, utc, [months, days, minutes]) ?? gridOf(bounds, zone, [months, days]);
  if (grid === undefined) return undefined;
  const rule = declarePartitionRule({
    path: [table.path[0] ?? '', table.path[1] ?? ''],
    column,
    every: grid.every,
    premake: 3,
    onRetire: 'keep',
    zone: grid.zone,
    template: first.attributes.storageParameters,
    needs: [declarePartitionSupport().id],
  });
  return { rule, every: grid.every, partitions };
}

/** The one column of a range key, where it is a date or a time. */
function keyColumn({ attributes, path }: Table, state: State): string | undefined {
  if (attributes.partitionBy === undefined) return undefined;
  const { strategy, keys } = partitionKey(attributes.partitionBy);
  const column = strategy === 'range' && keys.length === 1 ? columnNamed(keys[0] ?? '') : undefined;
  const found = column === undefined ? undefined : state.get(address('column', ...path, column));
  // A precision of the type does not matter to the grid.
  const isTime = found !== undefined && isColumn(found) && times.has(found.attributes.type.replace(/\(\d\)/, ''));
  return isTime ? column : undefined;
}

/** Nothing is known of a partition but its bound, and what it has in common with all of them. */
function isPlain(partition: Partition, first: Partition, table: Table, state: State): boolean {
  return (
    partition.attributes.partitionBy === undefined &&
    partition.path[0] === table.path[0] &&
    sameJson(partition.attributes.storageParameters, first.attributes.storageParameters) &&
    partsOf(state, partition.id).length === 0
  );
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The length that all bounds have, each on the grid of a rule of that length (kinds/partition-support). */
function gridOf(
  bounds: readonly string[],
  zone: string,
  units: readonly Unit[],
): { readonly every: string; readonly zone: string } | undefined {
  const spans = bounds.flatMap((bound) => spanOf(bound, zone) ?? []);
  const [first] = spans;
  if (first === undefined || spans.length < bounds.length) return undefined;
  for (const unit of units) {
    const count = unit.between(first);
    if (count === undefined || count < 1 || !unit.isLegal(count)) continue;
    if (spans.every((span) => unit.between(span) === count && unit.place(span.from) % count === 0))
      return { every: unit.words(count), zone };
  }
  return undefined;
}

function spanOf(bound: string, zone: string): Span | undefined {
  const range = rangeOf(bound);
  const [from, to] = [timeOf(range?.from, zone), timeOf(range?.to, zone)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** A bound as the catalogs print it in UTC: `2026-01-01`, `2026-01-01 00:00:00`, `2026-01-01 00:00:00+00`. */
function timeOf(values: readonly string[] | undefined, zone: string): Date | undefined {
  const text = constantOf(values?.[0] ?? '');
  const [, day, time = '00:00:00', instant] =
    typeof text === 'string' ? (/^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(\+00)?)?$/.exec(text) ?? []) : [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time}Z`);
  return instant === undefined || zone === utc ? date : wallClock(date, zone);
}

/** What a clock on the wall shows in a zone, as if it were UTC. */
function wallClock(date: Date, zone: string): Date {
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...numbers });
  const shown = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 1, ...rest] = (['year', 'month', 'day', 'hour', 'minute', 'second'] as const).map((part) => shown.get(part));
  return new Date(Date.UTC(year, month - 1, ...rest.map((value) => value ?? 0)));
}

interface Unit {
  /** How many of the unit a span is, if it is a whole number of them from a beginning of one. */
  readonly between: (span: Span) => number | undefined;
  /** The number of the unit that begins here, counted from where the grid begins. */
  readonly place: (start: Date) => number;
  readonly words: (count: number) => string;
  /** Whether a rule may have partitions of so many. */
  readonly isLegal: (count: number) => boolean;
}

const named = (count: number, unit: string): string => `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
const monthOf = (time: Date): number => time.getUTCFullYear() * 12 + time.getUTCMonth();
const isMonthStart = (time: Date): boolean => time.getUTCDate() === 1 && time.getTime() % 86_400_000 === 0;

const months: Unit = {
  between: ({ from, to }) => (isMonthStart(from) && isMonthStart(to) ? monthOf(to) - monthOf(from) : undefined),
  place: monthOf,
  words: (count) => named(count, 'month'),
  isLegal: (count) => dividesYear(count),
};

/** The grid of days and minutes begins on a Monday. */
const monday = Date.UTC(2000, 0, 3);

function steps(milliseconds: number, words: Unit['words'], isLegal: Unit['isLegal']): Unit {
  const place = (time: Date): number => (time.getTime() - monday) / milliseconds;
  const between = ({ from, to }: Span): number | undefined =>
    Number.isInteger(place(from)) && Number.isInteger(place(to)) ? place(to) - place(from) : undefined;
  return { between, place, words, isLegal };
}

const days = steps(
  86_400_000,
  (count) => named(count, 'day'),
  () => true,
);
const minutes = steps(60_000, (count) => (count % 60 === 0 ? named(count / 60, 'hour') : named(count, 'minute')), dividesDay);
