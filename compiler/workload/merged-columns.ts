/**
 * One column of a table of partitions, from the statistics of the whole where ANALYZE made some, else
 * from those of the partitions. Arithmetic alone.
 */
import type { PlannedColumn, PlannedRelation } from './catalog.ts';
import type { CommonValues, LiveColumn } from './live-statistics.ts';
import { toastPointer } from './sizes.ts';

export interface MergedColumn {
  readonly nulls: number;
  readonly distinct: number;
  /** Bytes of a value, without its length word; what lies out of the row included. Undefined where the type has one width. */
  readonly width?: number;
  /** What bytes of the model, with the length word, are as a width. */
  readonly assumedWidth: (bytes: number) => number;
  readonly correlation?: number;
  readonly common?: { readonly [value: string]: number };
  /** Share of the most common value, 0 where none stands out. */
  readonly topShare: number;
}

export interface Part {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly toastPages: number;
}

export interface MergeRequest {
  readonly column: PlannedColumn;
  readonly root: PlannedRelation;
  readonly parts: readonly Part[];
  readonly statistics: readonly LiveColumn[];
  readonly common: readonly CommonValues[];
}

interface Weighed {
  readonly part: Part;
  readonly live: LiveColumn;
}

/** Undefined where no statistics are there, or none that the role may read. */
export function mergedColumn({ column, root, parts, statistics, common }: MergeRequest): MergedColumn | undefined {
  const of = (schema: string, table: string, inherited: boolean): LiveColumn | undefined =>
    statistics.find(
      (live) => live.schema === schema && live.table === table && live.column === column.name && live.inherited === inherited,
    );
  const weighed = parts.flatMap((part): readonly Weighed[] => {
    const live = of(part.schema, part.name, false);
    return live === undefined || part.rows === 0 ? [] : [{ part, live }];
  });
  const whole = root.form === 'partitioned' ? of(root.schema, root.name, true) : undefined;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (weighed.length === 0 && whole === undefined) return undefined;
  const weight = weighed.reduce((sum, { part }) => sum + part.rows, 0);
  const mean = (pick: (live: LiveColumn) => number, instead: number): number =>
    weight === 0 ? instead : weighed.reduce((sum, { part, live }) => sum + pick(live) * part.rows, 0) / weight;
  const nulls = mean(({ nulls: share }) => share, whole?.nulls ?? 0);
  const hasOrder = weighed.some(({ live }) => live.correlation !== null);
  const values = commonOf(column, root, parts, common);
  return {
    nulls,
    distinct: whole === undefined ? unionOf(weighed, rows) : countOf(whole, rows),
    ...widthOf(column, root, { weighed, rows, nulls, bytes: mean(({ width }) => width, whole?.width ?? 0) }, statistics),
    assumedWidth: (bytes) => (bytes <= 127 ? bytes - 1 : bytes - 4),
    ...(hasOrder ? { correlation: mean(({ correlation }) => correlation ?? 0, 0) } : {}),
    ...(values === undefined ? {} : { common: values }),
    topShare: whole?.shares?.[0] ?? mean(({ shares }) => shares?.[0] ?? 0, 0),
  };
}

const countOf = ({ distinct }: LiveColumn, rows: number): number => (distinct < 0 ? -distinct * rows : distinct);

/**
 * Different values of all partitions, were all drawn from one population: N of which d = N (1 - e^(-n/N))
 * are met by n rows. Where nearly every row has its own value, so has the whole.
 */
function unionOf(weighed: readonly Weighed[], rows: number): number {
  const largest = [...weighed].sort((left, right) => right.part.rows - left.part.rows)[0];
  if (largest === undefined) return 0;
  const met = countOf(largest.live, largest.part.rows * (1 - largest.live.nulls));
  const n = largest.part.rows * (1 - largest.live.nulls);
  if (met >= n * 0.97) return rows;
  let [low, high] = [met, n * n];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (middle * (1 - Math.exp(-n / middle)) < met) low = middle;
    else high = middle;
  }
  return low * (1 - Math.exp(-rows / low));
}

interface WidthFacts {
  readonly weighed: readonly Weighed[];
  readonly rows: number;
  readonly nulls: number;
  /** pg_stats.avg_width, in which a value that moved out counts as its pointer. */
  readonly bytes: number;
}

function widthOf(
  column: PlannedColumn,
  root: PlannedRelation,
  { weighed, rows, bytes }: WidthFacts,
  statistics: readonly LiveColumn[],
): { readonly width?: number } {
  if (column.length > 0) return {};
  const inline = bytes <= 127 ? bytes - 1 : bytes - 4;
  const toastBytes = weighed.reduce((sum, { part }) => sum + part.toastPages * 8100, 0);
  if (!column.toastable || toastBytes < rows) return { width: inline };
  const [sample] = weighed;
  const widths = root.columns.flatMap(({ name, toastable }) => {
    const live = statistics.find(
      (each) => each.schema === sample?.part.schema && each.table === sample.part.name && each.column === name && !each.inherited,
    );
    return toastable && live !== undefined ? [{ name, width: live.width }] : [];
  });
  // What is all pointers lies outside; where nothing is, the widest column is the one of which some values do.
  const outside = widths.filter(({ width }) => Math.abs(width - toastPointer) <= 1);
  const movers = outside.length > 0 ? outside : [...widths].sort((left, right) => right.width - left.width).slice(0, 1);
  if (!movers.some(({ name }) => name === column.name)) return { width: inline };
  return { width: (outside.length > 0 ? 0 : inline) + toastBytes / Math.max(1, rows) / movers.length };
}

function commonOf(
  column: PlannedColumn,
  root: PlannedRelation,
  parts: readonly Part[],
  common: readonly CommonValues[],
): MergedColumn['common'] {
  const own = common.filter((each) => each.column === column.name);
  const whole = root.form === 'partitioned' ? own.find((each) => each.inherited && each.table === root.name) : undefined;
  const shares = new Map<string, number>();
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  const lists =
    whole === undefined
      ? parts.flatMap((part) => {
          const list = own.find((each) => !each.inherited && each.schema === part.schema && each.table === part.name);
          return list === undefined ? [] : [{ list, weight: part.rows / Math.max(1, total) }];
        })
      : [{ list: whole, weight: 1 }];
  for (const { list, weight } of lists) {
    list.values.forEach((value, at) => shares.set(value, (shares.get(value) ?? 0) + (list.shares[at] ?? 0) * weight));
  }
  if (shares.size === 0) return undefined;
  const named = (value: string): string => (column.type === 'boolean' ? ({ t: 'true', f: 'false' }[value] ?? value) : value);
  const ordered = [...shares].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
  return Object.fromEntries(ordered.map(([value, share]) => [named(value), Number(share.toPrecision(3))]));
}
