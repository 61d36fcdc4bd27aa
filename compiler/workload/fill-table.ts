/**
 * One table as it is to be filled: for each column the SQL of its value, over the number of a row among
 * all rows of the table (k) and among those of its partition (n). Keys come out unique, references meet.
 */
import type { PlannedColumn, PlannedRelation } from './catalog.ts';
import type { ColumnStatistics } from './column-model.ts';
import { widthOf } from './column-model.ts';
import { uniqueColumns, type ModelledRelation } from './database-model.ts';
import { byShares, domainOf, drawn, drawnIndex, orNull, saltOf, valuesToDraw, type ValueDomain } from './fill-values.ts';
import { combined, type KeyPart } from './fill-keys.ts';
import { quoteText } from '../sql/quote.ts';
import { scaleOf } from './value-series.ts';
import type { TableVolume } from './volumes.ts';

/** A table with its leaves that hold rows, in the order of their rows. */
export interface FilledTable {
  readonly volume: TableVolume;
  readonly root: PlannedRelation;
  readonly leaves: readonly ModelledRelation[];
  /** Rows of all leaves. */
  readonly rows: number;
  readonly references: ReadonlyMap<string, FilledReference>;
  /** Texts that samples of queries give for parameters named like a column. */
  readonly samples: (column: string) => readonly string[];
  readonly seed: number;
}

/** What a column refers to: a column of a table that is filled too, or keys that are declared. */
export type FilledReference = { readonly table: FilledTable; readonly column: string } | { readonly keys: readonly string[] };

/** SQL of the value for each column that gets one; columns without are left to their defaults. */
export function columnValues(table: FilledTable, leaf: ModelledRelation): ReadonlyMap<string, string> {
  const unique = uniqueColumns(leaf.relation, table.root);
  const parts = keyParts(table, leaf, unique);
  return new Map(
    leaf.relation.columns.flatMap((column): readonly (readonly [string, string])[] => {
      const statistics = leaf.columns.get(column.number);
      const value = statistics === undefined ? undefined : valueOf({ table, leaf, column, statistics }, unique.has(column.number), parts);
      return value === undefined ? [] : [[column.name, value]];
    }),
  );
}

interface ColumnContext {
  readonly table: FilledTable;
  readonly leaf: ModelledRelation;
  readonly column: PlannedColumn;
  readonly statistics: ColumnStatistics;
}

function valueOf(context: ColumnContext, isUnique: boolean, parts: ReadonlyMap<string, string>): string | undefined {
  const { table, leaf, column, statistics } = context;
  const salt = saltOf(table.seed, table.root.name, column.name);
  const part = parts.get(column.name);
  const isDrawn = part === undefined && !isUnique && !isInOrder(statistics);
  const domain = domainIn(isDrawn ? { ...context, statistics: drawnStatistics(statistics, leaf.rows) } : context, isUnique);
  if (part !== undefined) return domain?.at(part);
  const listed = statistics.common.reduce((sum, [, share]) => sum + share, 0);
  const isCovered = statistics.common.length > 0 && statistics.histogram.length === 0 && listed + statistics.nulls > 0.999;
  if (!isCovered && domain === undefined) return undefined;
  const rest = isCovered || domain === undefined ? undefined : domain.at(indexOf(context, domain, isUnique, salt));
  const isEmpty = drawn('k', saltOf(table.seed, table.root.name));
  if (!isInOrder(statistics)) return orNull(byShares(column, statistics, drawn('k', salt + 1), rest), statistics, isEmpty);
  const share = `((n - 0.5) / ${Math.max(1, leaf.rows)}::float8)`;
  return orNull(byShares(column, ascending(column, statistics), share, rest), statistics, isEmpty);
}

/** Rows draw from as many values as leave those met that differ. */
function drawnStatistics(statistics: ColumnStatistics, rows: number): ColumnStatistics {
  return { ...statistics, distinct: valuesToDraw(statistics.distinct, rows * (1 - statistics.nulls)) };
}

const isInOrder = ({ correlation }: ColumnStatistics): boolean => Math.abs(correlation ?? 0) > 0.5;

/** Listed values as they follow each other on disk. */
function ascending({ type }: PlannedColumn, statistics: ColumnStatistics): ColumnStatistics {
  const number = scaleOf(type)?.toNumber;
  const direction = Math.sign(statistics.correlation ?? 1);
  const compare = (left: string, right: string): number =>
    direction * (number === undefined ? (left < right ? -1 : 1) : number(left) - number(right));
  return { ...statistics, common: [...statistics.common].sort(([left], [right]) => compare(left, right)) };
}

/** Which of the domain's values a row takes: its own, the next in order, or any. */
function indexOf({ leaf, statistics }: ColumnContext, domain: ValueDomain, isUnique: boolean, salt: number): string {
  if (isUnique) return '(n - 1)';
  if (!isInOrder(statistics)) return drawnIndex('k', salt, domain.size);
  const place = `((n - 1) * ${domain.size}::bigint / ${Math.max(1, leaf.rows)})`;
  return (statistics.correlation ?? 0) > 0 ? place : `(${Math.max(0, domain.size - 1)} - ${place})`;
}

function domainIn(context: ColumnContext, isUnique: boolean): ValueDomain | undefined {
  const { table, leaf, column, statistics } = context;
  const reference = table.references.get(column.name);
  if (reference !== undefined) return referenceDomain(context, reference, isUnique);
  const salt = saltOf(table.seed, table.root.name, column.name, 'value');
  const isByTime = column.type === 'uuid' && (statistics.correlation ?? 0) > 0.5 && statistics.histogram.length > 1;
  if (isUnique && (isByTime || isCounted(column))) {
    const own = keyAt(table, column);
    return { size: leaf.rows, at: (index) => own(`(${leaf.from} + ${index})`) };
  }
  if (statistics.common.length > 0 && statistics.histogram.length === 0) return listDomain(column, statistics);
  const width = widthOf(column, table.volume.columns[column.name] ?? {});
  return domainOf({ column, statistics, width, salt, samples: table.samples(column.name), isUnique });
}

/** The values that are listed, each once. */
function listDomain({ type }: PlannedColumn, { common }: ColumnStatistics): ValueDomain {
  const list = common.map(([value]) => quoteText(value)).join(', ');
  return { size: common.length, at: (index) => `(ARRAY[${list}])[1 + (${index})::integer]::${type}` };
}

/** Of the referenced rows as many as differ here: their keys, in the order of their rows. */
function referenceDomain(
  { table: { volume }, leaf, statistics, column: referring }: ColumnContext,
  reference: FilledReference,
  isUnique: boolean,
): ValueDomain | undefined {
  if ('keys' in reference) {
    const list = reference.keys.map((key) => quoteText(key)).join(', ');
    return { size: reference.keys.length, at: (index) => `(ARRAY[${list}])[1 + (${index})::integer]::${referring.type}` };
  }
  const { table, column } = reference;
  const target = table.root.columns.find(({ name }) => name === column);
  if (target === undefined || table.rows === 0) return undefined;
  const own = keyAt(table, target);
  // A reference in order goes along with the rows of its own partition: the same share of the referenced ones.
  const { distinct, fanOut } = volume.columns[referring.name] ?? {};
  const isAny = isUnique || (distinct === undefined && fanOut === undefined);
  const size = isAny ? table.rows : Math.max(1, Math.min(table.rows, Math.round(statistics.distinct)));
  const isOrdered = isInOrder(statistics) && !isUnique;
  const base = isOrdered || isUnique ? `${Math.min(table.rows - 1, leaf.from)} + ` : '';
  return { size: isOrdered ? Math.min(size, leaf.rows) : size, at: (index) => own(`((${base}${index}) % ${table.rows})`) };
}

/** Integers and texts of which each row can have its own by its number. */
const isCounted = ({ type, category }: PlannedColumn): boolean =>
  /^(smallint|integer|bigint|numeric)$/.test(type) || category === 'S' || type === 'uuid';

/** The key of the table's row of an index over all its rows, counted from 0. */
export function keyAt(table: FilledTable, column: PlannedColumn): (index: string) => string {
  const reference = table.references.get(column.name);
  if (reference !== undefined && 'table' in reference) {
    const target = reference.table.root.columns.find(({ name }) => name === reference.column);
    const inner = target === undefined ? undefined : keyAt(reference.table, target);
    if (inner !== undefined) return (index) => inner(`((${index}) % ${Math.max(1, reference.table.rows)})`);
  }
  const [first] = table.leaves;
  const statistics = first?.columns.get(column.number);
  if (/^(smallint|integer|bigint|numeric)$/.test(column.type)) return (index) => `(1 + ${index})::${column.type}`;
  if (column.type === 'uuid' && (statistics?.correlation ?? 0) > 0.5) return uuidByTime(table, column);
  const width = widthOf(column, table.volume.columns[column.name] ?? {});
  const salt = saltOf(table.seed, table.root.name, column.name, 'value');
  if (statistics === undefined) return (index) => index;
  const domain = domainOf({
    column,
    statistics: { ...statistics, distinct: table.rows, histogram: [] },
    width,
    salt,
    samples: [],
    isUnique: true,
  });
  return domain?.at ?? ((index) => index);
}

/** UUIDv7 of the time at which the row was made: the rows of each partition are spread evenly over its time. */
function uuidByTime(table: FilledTable, column: PlannedColumn): (index: string) => string {
  const ends = table.leaves.map((leaf) => timesOf(leaf.columns.get(column.number)));
  const share = Math.max(1, table.leaves[0]?.rows ?? 1);
  const salt = saltOf(table.seed, table.root.name, column.name);
  const list = (values: readonly number[]): string => `(ARRAY[${values.join(', ')}]::float8[])`;
  return (index) => {
    const leaf = table.leaves.length === 1 ? '1' : `(1 + ((${index}) / ${share}))::integer`;
    const low = `${list(ends.map(([from]) => from))}[${leaf}]`;
    const step = `${list(ends.map(([from, to]) => (to - from) / share))}[${leaf}]`;
    const time = `lpad(to_hex(floor(${low} + ((${index}) % ${share}) * ${step})::bigint), 12, '0')`;
    const hash = `lpad(to_hex(hashint8extended(${index}, ${salt})), 16, '0')`;
    return `(${time} || '7' || substr(${hash}, 1, 3) || '8' || substr(${hash}, 1, 15))::uuid`;
  };
}

function timesOf(statistics: ColumnStatistics | undefined): readonly [number, number] {
  const time = (text: string | undefined): number => Number.parseInt((text ?? '0').replaceAll('-', '').slice(0, 12), 16);
  return [time(statistics?.histogram[0]), time(statistics?.histogram.at(-1))];
}

/** Columns of keys of several columns: which index each takes so that no key comes twice. */
function keyParts(table: FilledTable, leaf: ModelledRelation, unique: ReadonlySet<number>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const index of leaf.relation.indexes) {
    const columns = index.columns
      .slice(0, index.keys)
      .flatMap((number) => leaf.relation.columns.find((each) => each.number === number) ?? []);
    if (!index.unique || columns.length < 2 || columns.some(({ number, name }) => unique.has(number) || found.has(name))) continue;
    const parts = columns.map((column): KeyPart => {
      const statistics = leaf.columns.get(column.number);
      const context = statistics === undefined ? undefined : { table, leaf, column, statistics };
      const most = Math.max(1, Math.round(statistics?.distinct ?? 1));
      const size = context === undefined ? 1 : Math.min(most, domainIn(context, false)?.size ?? 1);
      const follows = column.name === table.root.key || table.volume.columns[column.name]?.follows !== undefined;
      return { column: column.name, size, form: follows ? 'in order' : table.references.has(column.name) ? 'reference' : 'listed' };
    });
    for (const [column, sql] of combined(parts, leaf.rows)) found.set(column, sql);
  }
  return found;
}
