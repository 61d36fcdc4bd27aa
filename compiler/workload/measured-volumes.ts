/**
 * What a database's statistics say, in the words in which volumes are declared: partitions summed up,
 * and nothing said that follows anyway from types, keys and references. Numbers in, declarations out.
 */
import { address, type Address } from '../model/address.ts';
import type { ColumnValues, Volume } from '../model/workload.ts';
import type { PlannedColumn, PlannedRelation } from './catalog.ts';
import { partitionTree } from './partition-tree.ts';
import type { ColumnStatistics } from './column-model.ts';
import { modelDatabase, type ModelledRelation } from './database-model.ts';
import { groupBy } from './group.ts';
import type { CommonValues, LiveStatistics } from './live-statistics.ts';
import { mergedColumn, type MergedColumn } from './merged-columns.ts';
import { asDeclared } from './profiles.ts';
import type { TableVolume, Volumes } from './volumes.ts';

export interface MeasuredTable {
  readonly table: Address;
  readonly rows: number;
  readonly condition: Pick<Volume, 'bloat' | 'allVisible'>;
  readonly values: { readonly [column: string]: ColumnValues };
  /** Columns of which one value is far more common than the average, and no values were asked for. */
  readonly skewed: readonly { readonly column: string; readonly share: number }[];
}

/** A table of which the database says too little, and why. */
export interface UnmeasuredTable {
  readonly table: Address;
  readonly why: 'not there' | 'never analysed' | 'some partitions never analysed' | 'columns not readable';
  /** The relations that are to be analysed or made readable, by schema and name. */
  readonly relations: readonly (readonly [string, string])[];
}

export interface Measured {
  readonly tables: readonly MeasuredTable[];
  readonly gaps: readonly UnmeasuredTable[];
}

export interface MeasureRequest {
  readonly relations: readonly PlannedRelation[];
  readonly statistics: LiveStatistics;
  readonly common: readonly CommonValues[];
  /** What is declared; its figures do not count, only which columns go along with a partition key. */
  readonly volumes: Volumes;
}

/** Summed up by declared table, in the order of declaration. */
export function measure(request: MeasureRequest): Measured {
  const tree = partitionTree(request.relations);
  const roots = [...request.volumes.values()].map((volume) => {
    const root = request.relations.find(({ schema, name }) => schema === volume.path[0] && name === volume.path[1]);
    return { volume, root, leaves: root === undefined ? [] : tree.leaves(root) };
  });
  const found = roots.flatMap((each) => (each.root === undefined ? [] : [sumOf({ ...each, root: each.root }, request)]));
  const missing = roots.filter(({ root }) => root === undefined).map(({ volume }) => gap(volume, 'not there', []));
  const known = found.filter(({ rows }) => rows !== undefined);
  return { tables: declaredOf(known, request), gaps: [...missing, ...found.flatMap(({ gaps }) => gaps)] };
}

function gap(volume: TableVolume, why: UnmeasuredTable['why'], relations: readonly PlannedRelation[]): UnmeasuredTable {
  return { table: volume.table, why, relations: relations.map(({ schema, name }) => [schema, name] as const) };
}

interface Sum {
  readonly volume: TableVolume;
  readonly root: PlannedRelation;
  /** Undefined where nobody counted any. */
  readonly rows: number | undefined;
  readonly pages: number;
  readonly visible: number;
  readonly columns: ReadonlyMap<string, MergedColumn>;
  readonly gaps: readonly UnmeasuredTable[];
}

function sumOf(
  each: { readonly volume: TableVolume; readonly root: PlannedRelation; readonly leaves: readonly PlannedRelation[] },
  { statistics, common }: MeasureRequest,
): Sum {
  const { volume, root, leaves } = each;
  const live = leaves.flatMap((relation) => {
    const found = statistics.relations.get(relation.oid);
    return found === undefined ? [] : [{ relation, ...found }];
  });
  const counted = live.filter(({ rows }) => rows >= 0);
  const uncounted = live.filter(({ rows }) => rows < 0).map(({ relation }) => relation);
  const total = counted.reduce((sum, { rows }) => sum + rows, 0);
  const parts = counted.map(({ relation, rows, toastPages }) => ({ schema: relation.schema, name: relation.name, rows, toastPages }));
  const merged = root.columns.flatMap((column): readonly (readonly [string, MergedColumn])[] => {
    const one = mergedColumn({ column, root, parts, statistics: statistics.columns, common });
    return one === undefined ? [] : [[column.name, one]];
  });
  const columns = new Map(merged);
  const gaps =
    counted.length === 0
      ? [gap(volume, 'never analysed', leaves)]
      : [
          ...(uncounted.length === 0 ? [] : [gap(volume, 'some partitions never analysed', uncounted)]),
          ...(total > 0 && columns.size < root.columns.length ? [gap(volume, 'columns not readable', [root])] : []),
        ];
  const add = (pick: (one: (typeof counted)[number]) => number): number => counted.reduce((sum, one) => sum + pick(one), 0);
  const rows = counted.length === 0 ? undefined : total;
  return { volume, root, rows, pages: add(({ pages }) => pages), visible: add(({ visible }) => visible), columns, gaps };
}

/** The figures that differ from what the model would assume without them. */
function declaredOf(sums: readonly Sum[], request: MeasureRequest): readonly MeasuredTable[] {
  const bare = new Map(sums.map((sum) => [sum.volume.table, bareVolume(sum)]));
  const assumed = modelled(bare, request);
  const tables = sums.map((sum) => ({ sum, values: valuesOf(sum, assumed.get(sum.root.oid)?.[0]) }));
  const full = new Map(
    tables.map(({ sum, values }) => {
      const volume = bare.get(sum.volume.table) as TableVolume;
      return [sum.volume.table, { ...volume, columns: overlaid(volume.columns, values) }];
    }),
  );
  const expected = modelled(full, request);
  return tables.map(({ sum, values }) => ({
    table: sum.volume.table,
    rows: rounded(sum.rows ?? 0),
    condition: conditionOf(sum, expected.get(sum.root.oid) ?? []),
    values,
    skewed: skewedOf(sum, values),
  }));
}

function bareVolume({ volume, rows }: Sum): TableVolume {
  const kept = Object.entries(volume.columns).map(([name, { follows, between }]) => {
    return [name, { ...(follows === undefined ? {} : { follows }), ...(between === undefined ? {} : { between }) }] as const;
  });
  return { ...volume, volume: { rows: rows ?? 0, bloat: 1, allVisible: 1 }, columns: Object.fromEntries(kept) };
}

function overlaid(before: TableVolume['columns'], over: MeasuredTable['values']): TableVolume['columns'] {
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(over)])].map((name) => [name, { ...before[name], ...over[name] }]),
  );
}

/** Each declared table's root, then its leaves, by the root's number. */
function modelled(volumes: Volumes, { relations, statistics }: MeasureRequest): ReadonlyMap<number, readonly ModelledRelation[]> {
  const model = modelDatabase({ relations, volumes, profile: asDeclared, clock: Date.parse(`${statistics.on}T00:00:00Z`) });
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]));
  const rootOf = (oid: number): number => {
    const parent = byOid.get(oid)?.parent ?? undefined;
    return parent === undefined || !byOid.has(parent) ? oid : rootOf(parent);
  };
  return groupBy(
    [...model.relations].sort((left, right) => Number(left.relation.parent !== null) - Number(right.relation.parent !== null)),
    ({ relation }) => rootOf(relation.oid),
  );
}

/** Three digits say all that a plan listens to. */
const rounded = (value: number): number => (value < 1000 ? Math.round(value) : Number(value.toPrecision(3)));
const hundredths = (value: number): number => Math.round(value * 100) / 100;

function valuesOf({ root, rows = 0, columns }: Sum, assumed: ModelledRelation | undefined): MeasuredTable['values'] {
  const entries = root.columns.flatMap((column): readonly (readonly [string, ColumnValues])[] => {
    const merged = columns.get(column.name);
    const guess = assumed?.columns.get(column.number);
    if (merged === undefined || guess === undefined || rows === 0) return [];
    const values = differing(column, merged, guess, rows);
    return Object.keys(values).length === 0 ? [] : [[column.name, values]];
  });
  return Object.fromEntries(entries);
}

function differing(column: PlannedColumn, merged: MergedColumn, guess: ColumnStatistics, rows: number): ColumnValues {
  const present = rows * (1 - merged.nulls);
  const distinct = Math.max(1, Math.min(present, merged.distinct));
  const isOtherCount = Math.abs(Math.log(distinct / Math.max(1, guess.distinct))) > 0.1 && merged.nulls < 1;
  const width = merged.width;
  const guessed = merged.assumedWidth(guess.bytes);
  const isOtherWidth = column.length < 0 && width !== undefined && Math.abs(width - guessed) > Math.max(1, guessed * 0.05);
  const { correlation } = merged;
  const isOtherOrder = correlation !== undefined && Math.abs(correlation - (guess.correlation ?? 0)) > 0.1;
  return {
    ...(isOtherCount ? { distinct: rounded(distinct) } : {}),
    ...(Math.abs(merged.nulls - guess.nulls) > 0.0005 ? { nulls: Number(merged.nulls.toPrecision(3)) } : {}),
    ...(isOtherWidth ? { width: rounded(width) } : {}),
    ...(isOtherOrder ? { correlation: hundredths(correlation) } : {}),
    ...(merged.common === undefined ? {} : { common: merged.common }),
  };
}

function conditionOf({ pages, visible, columns, root }: Sum, expected: readonly ModelledRelation[]): MeasuredTable['condition'] {
  const modelledPages = expected.reduce((sum, { length }) => sum + length.pages, 0);
  const bloat = modelledPages === 0 ? 1 : pages / modelledPages;
  const share = pages === 0 ? 1 : Math.min(1, visible / pages);
  // A few pages are no sample, and a tenth is within the arithmetic.
  return {
    ...(columns.size === root.columns.length && modelledPages > 100 && bloat > 1.1 ? { bloat: hundredths(bloat) } : {}),
    ...(pages > 100 && share < 0.99 ? { allVisible: hundredths(share) } : {}),
  };
}

function skewedOf({ columns, volume }: Sum, values: MeasuredTable['values']): MeasuredTable['skewed'] {
  return [...columns].flatMap(([column, { topShare, distinct }]) => {
    const isKnown = values[column]?.common !== undefined || volume.columns[column]?.common !== undefined;
    const average = 1 / Math.max(1, distinct);
    return isKnown || topShare < 0.05 || topShare < average * 1.5 ? [] : [{ column, share: topShare }];
  });
}

/** The address of a column of a measured table, as messages name it. */
export function columnOf(path: readonly string[], column: string): Address {
  return address('column', ...path, column);
}
