/**
 * What the values of a column are like in one relation: what was declared, and what follows from its
 * type, its keys and its references where nothing was. The result is what ANALYZE would have found.
 */
import type { ColumnValues } from '../model/workload.ts';
import type { PlannedColumn } from './catalog.ts';
import { storedBytes, type StoredColumn } from './sizes.ts';
import { scaleOf, spread, type Scale } from './value-series.ts';

/** Where the column stands. */
export interface ColumnPlace {
  readonly rows: number;
  /** Whether each value occurs once: a key of this column alone, or leading one that the partition key completes. */
  readonly isUnique: boolean;
  /** Rows of the table that it refers to. */
  readonly referenced?: number;
  /** The time that the relation spans, where the column is its partition key or goes along with it. */
  readonly span?: readonly [number, number];
  /** Where the relation's rows lie among all rows of its table, for keys that count up. */
  readonly from: number;
  /** The present moment of the plan gate. */
  readonly clock: number;
}

/** One row of pg_stats, and the column's place in a tuple. */
export interface ColumnStatistics extends StoredColumn {
  readonly distinct: number;
  readonly common: readonly (readonly [value: string, share: number])[];
  readonly histogram: readonly string[];
  readonly correlation: number | undefined;
}

/** What PostgreSQL assumes of a column that it knows nothing of (DEFAULT_NUM_DISTINCT). */
const unknownDistinct = 200;
/** default_statistics_target. */
const target = 100;
const year = 365.25 * 86_400_000;

const defaultWidths: readonly (readonly [pattern: RegExp, bytes: number])[] = [
  [/^(jsonb?|xml|bytea|tsvector)$/, 200],
  [/\[\]$/, 60],
  [/^(inet|cidr)$/, 6],
  [/^numeric$/, 7],
];

/** Bytes of a value of varying length, without its length word. */
export function widthOf(column: PlannedColumn, values: ColumnValues): number {
  return values.width ?? defaultWidths.find(([pattern]) => pattern.test(column.type))?.[1] ?? 31;
}

/** Bytes of a value on average, with its length word, before anything moves out of the row. */
export function averageBytes(column: PlannedColumn, values: ColumnValues): number {
  const known = column.length > 0 ? column.length : storedBytes(widthOf(column, values));
  return widthsOf(column, values)?.reduce((sum, [width, share]) => sum + width * share, 0) ?? known;
}

/** Lengths of texts that are all listed. */
function widthsOf({ length, category }: PlannedColumn, { common = {}, nulls = 0 }: ColumnValues): StoredColumn['widths'] {
  const listed = Object.entries(common);
  const sum = listed.reduce((total, [, share]) => total + share, 0);
  if (length > 0 || category !== 'S' || listed.length === 0 || sum < (1 - nulls) * 0.999) return undefined;
  const widths = new Map<number, number>();
  for (const [value, share] of listed) {
    const bytes = storedBytes(Buffer.byteLength(value));
    widths.set(bytes, (widths.get(bytes) ?? 0) + share / sum);
  }
  return [...widths];
}

export function modelColumn(column: PlannedColumn, values: ColumnValues, place: ColumnPlace): ColumnStatistics {
  const nulls = column.nullable ? (values.nulls ?? 0) : 0;
  const widths = widthsOf(column, values);
  const bytes = averageBytes(column, values);
  const align = column.length < 0 && bytes <= 127 ? 1 : column.align;
  const stored = { bytes, align, nulls, toastable: column.toastable, ...(widths === undefined ? {} : { widths }) };
  const present = place.rows * (1 - nulls);
  const scale = scaleOf(column.type);
  const range = scale === undefined ? undefined : rangeOf(column, values, place, scale);
  const distinct = Math.max(1, Math.min(present, distinctOf(column, values, place, range, scale)));
  const common = commonOf(column, values, distinct, range, scale, nulls);
  const covered = common.reduce((sum, [, share]) => sum + share, 0) > (1 - nulls) * 0.999;
  return {
    ...stored,
    distinct,
    common,
    histogram: covered || range === undefined || scale === undefined ? [] : spread(scale, range, Math.min(target + 1, Math.ceil(distinct))),
    correlation: scale === undefined && common.length === 0 ? undefined : correlationOf(values, place, distinct, scale),
  };
}

function rangeOf(column: PlannedColumn, values: ColumnValues, place: ColumnPlace, scale: Scale): readonly [number, number] {
  if (values.between !== undefined) return [scale.toNumber(values.between[0]), scale.toNumber(values.between[1])];
  const times = place.span ?? [place.clock - year, place.clock];
  if (column.category === 'D') return [times[0], Math.max(times[0], times[1] - 1)];
  // A UUIDv7 begins with its time; any other is spread over the whole range.
  if (column.type === 'uuid') return place.span !== undefined || (values.correlation ?? 0) > 0.5 ? times : [0, 2 ** 48 - 1];
  if (place.referenced !== undefined) return [1, Math.max(1, place.referenced)];
  const count = values.distinct ?? (place.isUnique ? place.rows : unknownDistinct);
  return [place.from + 1, place.from + Math.max(1, count)];
}

function distinctOf(
  column: PlannedColumn,
  values: ColumnValues,
  place: ColumnPlace,
  range: readonly [number, number] | undefined,
  scale: Scale | undefined,
): number {
  if (values.distinct !== undefined) return values.distinct;
  if (values.fanOut !== undefined) return place.rows / values.fanOut;
  if (place.isUnique) return place.rows;
  if (place.referenced !== undefined) return estimatedDistinct(Math.max(1, place.referenced), place.rows);
  if (values.common !== undefined) return Object.keys(values.common).length;
  if (column.category === 'E') return column.labels.length;
  if (column.type === 'boolean') return 2;
  const isKnown = column.category === 'D' || values.between !== undefined;
  if (isKnown && range !== undefined && scale?.step !== undefined) return Math.floor((range[1] - range[0]) / scale.step) + 1;
  const isVaried = column.category === 'D' || column.type === 'uuid' || !/^[NSB]$/.test(column.category);
  return isVaried ? place.rows : unknownDistinct;
}

/** Rows that ANALYZE reads at default_statistics_target (manual §14.2). */
const sampled = 300 * target;

/**
 * How many values ANALYZE would find where rows fall on so many at random: n rows meet N (1 - e^(-n/N)) of them,
 * n e^(-n/N) once, and from these it estimates (Duj1 of Haas and Stokes, compute_scalar_stats, analyze.c). Of few
 * rows for a value it sees too few values, which is what plans on a server are made with.
 */
function estimatedDistinct(values: number, rows: number): number {
  const read = Math.min(rows, sampled);
  if (read <= 0) return 0;
  const once = read * Math.exp(-read / values);
  const met = values * (1 - Math.exp(-read / values));
  return (read * met) / (read - once + (once * read) / rows);
}

/** Few values are all in the list, as ANALYZE has them; of many, those that were declared. */
function commonOf(
  column: PlannedColumn,
  values: ColumnValues,
  distinct: number,
  range: readonly [number, number] | undefined,
  scale: Scale | undefined,
  nulls: number,
): readonly (readonly [string, number])[] {
  const ordered = (pairs: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] =>
    [...pairs].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
  if (values.common !== undefined) return ordered(Object.entries(values.common).map(([value, share]) => [value, share]));
  const even = (list: readonly string[]): readonly (readonly [string, number])[] =>
    ordered(list.map((value) => [value, (1 - nulls) / list.length] as const));
  if (column.category === 'E') return even(column.labels);
  if (column.type === 'boolean') return even(['t', 'f']);
  if (scale?.step === undefined || range === undefined || distinct > target) return [];
  return even(spread(scale, range, Math.ceil(distinct)));
}

function correlationOf(values: ColumnValues, place: ColumnPlace, distinct: number, scale: Scale | undefined): number {
  if (values.correlation !== undefined) return values.correlation;
  if (place.span !== undefined) return 1;
  // Keys that count up, and times at which rows were made, come in order; random ones do not.
  if (place.isUnique && scale !== undefined && scale.step === 1) return 1;
  return distinct <= target ? 1 / distinct : 0;
}
