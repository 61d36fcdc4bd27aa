/**
 * A database as it would be after loading and ANALYZE: lengths of all relations and one row of
 * statistics a column, computed from volumes. Numbers alone; writing them into an engine is inject.ts.
 */
import type { Address } from '../model/address.ts';
import type { ColumnValues } from '../model/workload.ts';
import type { PlannedColumn, PlannedIndex, PlannedRelation } from './catalog.ts';
import { partitionTree } from './partition-tree.ts';
import { modelColumn, type ColumnStatistics } from './column-model.ts';
import type { Profile } from './profiles.ts';
import { afterToast, heapPages, otherIndexPages, treeSize, type IndexSize, type StoredColumn } from './sizes.ts';
import type { TableVolume, Volumes } from './volumes.ts';
import { scaleOf } from './value-series.ts';

/** A relation with its length; `height` for a btree. */
export interface RelationLength {
  readonly oid: number;
  readonly file: string | null;
  readonly pages: number;
  readonly tuples: number;
  readonly allVisible: number;
  readonly height?: number;
}

export interface AttributeStatistics {
  readonly relation: number;
  readonly schema: string;
  readonly name: string;
  readonly number: number;
  readonly column: string;
  readonly inherited: boolean;
  readonly rows: number;
  readonly statistics: ColumnStatistics;
}

export interface ModelledRelation {
  readonly relation: PlannedRelation;
  readonly rows: number;
  /** How many rows of its table come before its own. */
  readonly from: number;
  readonly columns: ReadonlyMap<number, ColumnStatistics>;
  readonly length: RelationLength;
}

export interface DatabaseModel {
  readonly relations: readonly ModelledRelation[];
  readonly attributes: readonly AttributeStatistics[];
}

export interface ModelRequest {
  readonly relations: readonly PlannedRelation[];
  readonly volumes: Volumes;
  readonly profile: Profile;
  /** Milliseconds since 1970. */
  readonly clock: number;
  /** The same relations with the same rows in another profile: what their values are like is taken from there. */
  readonly like?: DatabaseModel;
}

const noColumns: { readonly [column: string]: ColumnValues } = {};

export function modelDatabase(request: ModelRequest): DatabaseModel {
  const tree = partitionTree(request.relations);
  const relations = request.relations.map((relation, at) => {
    const root = tree.root(relation);
    return modelRelation(relation, root, { leaves: tree.leaves(root), columns: request.like?.relations[at]?.columns }, request);
  });
  return { relations, attributes: request.like?.attributes ?? relations.flatMap(attributesOf) };
}

function volumeOf(root: PlannedRelation, volumes: Volumes): TableVolume | undefined {
  return [...volumes.values()].find(({ path }) => path.length === 2 && path[0] === root.schema && path[1] === root.name);
}

function modelRelation(
  relation: PlannedRelation,
  root: PlannedRelation,
  known: { readonly leaves: readonly PlannedRelation[]; readonly columns: ReadonlyMap<number, ColumnStatistics> | undefined },
  request: ModelRequest,
): ModelledRelation {
  const table = volumeOf(root, request.volumes);
  const total = (table?.volume.rows ?? 0) * request.profile.rows;
  const full = known.leaves.filter((leaf) => !isAhead(leaf, request.clock));
  const share = full.length === 0 ? 0 : Math.round(total / full.length);
  const position = full.indexOf(relation);
  const rows = relation.form === 'partitioned' ? share * full.length : position < 0 ? 0 : share;
  const place = { rows, from: Math.max(0, position) * share, span: spanOf(relation, full, request.clock) };
  const columns = known.columns ?? modelColumns(relation, root, table, place, request);
  const visible = (table?.volume.allVisible ?? 1) * request.profile.allVisible;
  const bloat = (table?.volume.bloat ?? 1) * request.profile.bloat;
  const pages = relation.form === 'partitioned' ? 0 : Math.ceil(heapPages(rows, [...columns.values()], relation.fillfactor ?? 100) * bloat);
  return {
    relation,
    rows,
    from: place.from,
    columns,
    // Nothing analyses an empty table: -1, of which the planner expects ten pages (estimate_rel_size, plancat.c).
    length: { oid: relation.oid, file: relation.file, pages, tuples: rows === 0 ? -1 : rows, allVisible: Math.floor(pages * visible) },
  };
}

/** A partition that is made ahead has no rows yet. */
function isAhead(leaf: PlannedRelation, clock: number): boolean {
  const bounds = timesOf(leaf);
  return bounds !== undefined && bounds[0] > clock;
}

function timesOf({ bounds }: PlannedRelation): readonly [number, number] | undefined {
  const scale = scaleOf('timestamp with time zone');
  if (bounds === null || scale === undefined || !/^\d{4,}-\d{2}-\d{2}/.test(bounds[0])) return undefined;
  return [scale.toNumber(bounds[0]), scale.toNumber(bounds[1])];
}

function spanOf(relation: PlannedRelation, full: readonly PlannedRelation[], clock: number): readonly [number, number] | undefined {
  if (relation.form === 'table') return timesOf(relation);
  const times = full.flatMap((leaf) => timesOf(leaf) ?? []);
  return times.length === 0 ? undefined : [Math.min(...times), Math.max(clock, ...times)];
}

interface RowsPlace {
  readonly rows: number;
  readonly from: number;
  readonly span: readonly [number, number] | undefined;
}

function modelColumns(
  relation: PlannedRelation,
  root: PlannedRelation,
  table: TableVolume | undefined,
  place: RowsPlace,
  request: ModelRequest,
): ReadonlyMap<number, ColumnStatistics> {
  const declared = table?.columns ?? noColumns;
  const unique = uniqueColumns(relation, root);
  const statistics = relation.columns.map((column) => {
    const values = declared[column.name] ?? {};
    const reference = referencedRows(table?.references[column.name], request);
    const followsKey = root.key !== null && (column.name === root.key || values.follows === root.key);
    return modelColumn(column, values, {
      rows: place.rows,
      from: place.from,
      clock: request.clock,
      isUnique: unique.has(column.number),
      ...(reference === undefined ? {} : { referenced: reference }),
      ...(place.span !== undefined && followsKey ? { span: place.span } : {}),
    });
  });
  const stored = afterToast(statistics);
  return new Map(relation.columns.map((column, at) => [column.number, stored[at] as ColumnStatistics]));
}

function referencedRows(target: Address | undefined, { volumes, profile }: ModelRequest): number | undefined {
  const rows = target === undefined ? undefined : volumes.get(target)?.volume.rows;
  return rows === undefined ? undefined : rows * profile.rows;
}

/** Columns that are a key by themselves; in a partitioned table the partition key stands beside them in each key. */
export function uniqueColumns(relation: PlannedRelation, root: PlannedRelation): ReadonlySet<number> {
  const key = relation.columns.find(({ name }) => name === root.key)?.number;
  const found = relation.indexes.flatMap(({ unique, columns, keys }) => {
    const own = columns.slice(0, keys).filter((column) => column !== key);
    return unique && own.length === 1 ? own : [];
  });
  return new Set(found.filter((column) => column !== 0));
}

function attributesOf({ relation, rows, columns }: ModelledRelation): readonly AttributeStatistics[] {
  if (rows === 0) return [];
  return relation.columns.flatMap((column): readonly AttributeStatistics[] => {
    const statistics = columns.get(column.number);
    if (statistics === undefined) return [];
    const { schema, name, oid, form } = relation;
    return [
      { relation: oid, schema, name, number: column.number, column: column.name, inherited: form === 'partitioned', rows, statistics },
    ];
  });
}

/** Types whose equal values may differ as bytes, so that a btree never shares one entry among rows (nbtree README). */
const neverShared = /^(numeric|real|double precision|jsonb|interval)$|\[\]$/;

/** An index with its length; `share` is the share of rows that a partial one holds. */
export function modelIndex(
  { relation, rows, columns, length }: ModelledRelation,
  index: PlannedIndex,
  share: number,
  bloat: number,
): RelationLength {
  const entries = Math.round(rows * share);
  const expressions = new Map(index.expressions.map((column) => [column.number, expressionColumn(column)]));
  const stored = index.columns.flatMap((number, at) => columns.get(number) ?? expressions.get(at + 1) ?? []);
  const size = indexSize(relation, index, { entries, stored, heap: length.pages, columns, rows });
  const pages = Math.ceil(size.pages * (entries > 0 ? bloat : 1));
  return {
    oid: index.oid,
    file: index.file,
    pages,
    tuples: entries,
    allVisible: 0,
    ...(index.method === 'btree' ? { height: size.height } : {}),
  };
}

interface IndexContent {
  readonly entries: number;
  readonly stored: readonly StoredColumn[];
  readonly heap: number;
  readonly columns: ReadonlyMap<number, ColumnStatistics>;
  readonly rows: number;
}

function indexSize(relation: PlannedRelation, index: PlannedIndex, content: IndexContent): IndexSize {
  const { entries, stored, heap } = content;
  if (index.method !== 'btree') {
    const bytes = stored.reduce((sum, column) => sum + column.bytes, 0);
    return { pages: otherIndexPages(index.method, entries, bytes, heap, index.pagesPerRange ?? 128), height: 0 };
  }
  const types = new Map(relation.columns.map(({ number, type }) => [number, type]));
  const isShared =
    index.columns.length === index.keys && index.columns.every((number) => number !== 0 && !neverShared.test(types.get(number) ?? ''));
  return treeSize({
    entries,
    columns: stored,
    distinct: isShared ? distinctKeys(index, content) : entries,
    fillfactor: index.fillfactor ?? 90,
  });
}

function distinctKeys(index: PlannedIndex, { entries, columns }: IndexContent): number {
  if (index.unique) return entries;
  return Math.min(
    entries,
    index.columns.reduce((product, number) => product * (columns.get(number)?.distinct ?? 1), 1),
  );
}

export function expressionColumn(column: PlannedColumn): ColumnStatistics {
  const place = { rows: 1_000_000, isUnique: column.type !== 'boolean', from: 0, clock: 0 };
  return { ...modelColumn({ ...column, nullable: false }, {}, place), histogram: [], common: [], correlation: 0 };
}
