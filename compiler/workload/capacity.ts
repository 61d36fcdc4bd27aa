/**
 * How much room tables and their indexes take at the declared volumes: bytes a row with alignment, what
 * moves out of rows, a partition, a year, all that is kept. From declarations alone; no server is asked.
 */
import { isColumn, isDomain, isEnum, isIndex, isPartitionRule, isPrimaryKey, isTable, isUnique } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import type { TableCapacity } from '../model/workload.ts';
import { proofMoment } from '../prove/run.ts';
import { quoteName } from '../sql/quote.ts';
import type { PlannedColumn, PlannedIndex, PlannedRelation } from './catalog.ts';
import { averageBytes } from './column-model.ts';
import { bareType, storageOf } from './column-types.ts';
import { modelDatabase, modelIndex, type ModelledRelation } from './database-model.ts';
import { groupBy } from './group.ts';
import { asDeclared } from './profiles.ts';
import { rowBytes, toastBytes } from './sizes.ts';
import type { TableVolume, Volumes } from './volumes.ts';

export interface CapacityRequest {
  /** In PostgreSQL's spelling where there is one, else in the writer's. */
  readonly objects: readonly SchemaObject[];
  readonly volumes: Volumes;
  /** Rows of partial indexes as they were planned; one that is missing counts as whole. */
  readonly partialRows: ReadonlyMap<Address, number>;
}

const pageSize = 8192;

/** The tables in the order of their volumes, each as it is with all rows that are kept. */
export function capacityOf(request: CapacityRequest): readonly TableCapacity[] {
  const parts = groupBy(request.objects, (object) => object.partOf);
  const base = baseTypes(request.objects);
  const tables = request.objects.filter(isTable).flatMap((table) => {
    const volume = request.volumes.get(table.id);
    return volume === undefined ? [] : [{ volume, relations: relationsOf(volume, parts.get(table.id) ?? [], base) }];
  });
  const relations = tables.flatMap((table, at) => table.relations.map((relation) => numbered(relation, at)));
  const model = modelDatabase({ relations, volumes: request.volumes, profile: asDeclared, clock: proofMoment });
  return tables.map(({ volume }, at) => {
    const own = model.relations.filter(({ relation }) => Math.floor(relation.oid / spacing) === at);
    return capacity(volume, own, request);
  });
}

/** Numbers of relations stand apart, so that a table's own are known by them. */
const spacing = 100_000;
const numbered = (relation: PlannedRelation, at: number): PlannedRelation => ({
  ...relation,
  oid: relation.oid + at * spacing,
  parent: relation.parent === null ? null : relation.parent + at * spacing,
});

function capacity(volume: TableVolume, relations: readonly ModelledRelation[], { partialRows }: CapacityRequest): TableCapacity {
  const leaves = relations.filter(({ relation, rows }) => relation.form === 'table' && rows > 0);
  const sum = (pick: (leaf: ModelledRelation) => number): number => leaves.reduce((total, leaf) => total + pick(leaf), 0);
  const rows = sum((leaf) => leaf.rows);
  const [first] = leaves;
  const heap = sum(({ length }) => length.pages) * pageSize;
  const toast = first === undefined ? 0 : sum((leaf) => toastBytes(wholeColumns(leaf, volume), [...leaf.columns.values()], leaf.rows));
  const indexes = (first?.relation.indexes ?? []).map((index) => {
    const share = index.predicate === null ? 1 : Math.min(1, (partialRows.get(index.file ?? '') ?? rows) / Math.max(1, rows));
    return { index: index.file ?? '', bytes: sum((leaf) => modelIndex(leaf, index, share, 1).pages) * pageSize };
  });
  const total = heap + toast + indexes.reduce((bytes, each) => bytes + each.bytes, 0);
  const years = volume.rule?.retain === undefined ? undefined : millisecondsOfInterval(volume.rule.retain) / yearLength;
  const perYear = volume.volume.perYear ?? (years === undefined ? undefined : rows / years);
  return {
    table: volume.table,
    rows,
    rowBytes: first === undefined ? 0 : rowBytes([...first.columns.values()]),
    partitions: volume.rule === undefined ? 0 : leaves.length,
    heap,
    toast,
    indexes,
    total,
    ...(perYear === undefined || rows === 0 ? {} : { perYear: (total / rows) * perYear }),
  };
}

/** The columns with their whole values, as they are before anything moves out. */
function wholeColumns(
  { relation, columns }: ModelledRelation,
  volume: TableVolume,
): readonly { readonly bytes: number; readonly nulls: number }[] {
  return relation.columns.map((column) => {
    const bytes = averageBytes(column, volume.columns[column.name] ?? {});
    return { bytes, nulls: columns.get(column.number)?.nulls ?? 0 };
  });
}

/** Domains by their base type, enums by their values. */
function baseTypes(objects: readonly SchemaObject[]): ReadonlyMap<string, PlannedColumn['labels'] | string> {
  const named = (path: readonly string[]): readonly string[] => {
    const [schema = '', name = ''] = path.map(quoteName);
    return schema === 'public' ? [name, `${schema}.${name}`] : [`${schema}.${name}`];
  };
  const enums = objects.filter(isEnum).flatMap(({ path, attributes }) => named(path).map((name) => [name, attributes.values] as const));
  const domains = objects.filter(isDomain).flatMap(({ path, attributes }) => named(path).map((name) => [name, attributes.type] as const));
  return new Map<string, PlannedColumn['labels'] | string>([...enums, ...domains]);
}

function relationsOf(
  volume: TableVolume,
  parts: readonly SchemaObject[],
  base: ReadonlyMap<string, PlannedColumn['labels'] | string>,
): readonly PlannedRelation[] {
  const columns = parts.filter(isColumn).map((column, at) => {
    const { type, nullable } = column.attributes;
    const other = base.get(bareType(type));
    const storage = typeof other === 'object' ? { length: 4, align: 4, category: 'E', toastable: false } : storageOf(other ?? type);
    const labels = typeof other === 'object' ? other : [];
    return {
      name: column.path.at(-1) ?? '',
      number: at + 1,
      type: bareType(typeof other === 'string' ? other : type),
      nullable,
      labels,
      ...storage,
    };
  });
  const indexes = parts.flatMap((part) => indexOf(part, columns));
  const [schema = '', name = ''] = volume.path;
  const rule = parts.find(isPartitionRule)?.attributes;
  const plain: PlannedRelation = {
    oid: 1,
    schema,
    name,
    form: 'table',
    parent: null,
    key: rule?.column ?? null,
    bounds: null,
    fillfactor: null,
    columns,
    indexes,
    file: null,
  };
  if (rule === undefined) return [plain];
  const leaves = partitionTimes(volume).map((bounds, at): PlannedRelation => ({
    ...plain,
    oid: at + 2,
    name: `${name} ${at}`,
    parent: 1,
    key: null,
    bounds,
  }));
  return [{ ...plain, form: 'partitioned' }, ...leaves];
}

function indexOf(part: SchemaObject, columns: readonly PlannedColumn[]): readonly PlannedIndex[] {
  const numberOf = (text: string): number => columns.find(({ name }) => quoteName(name) === text || name === text)?.number ?? 0;
  const shape = isIndex(part)
    ? {
        method: part.attributes.method,
        unique: part.attributes.unique,
        keys: part.attributes.keys.map(({ text }) => text),
        include: part.attributes.include,
      }
    : isPrimaryKey(part) || isUnique(part)
      ? { method: 'btree', unique: true, keys: part.attributes.columns, include: part.attributes.include }
      : undefined;
  if (shape === undefined) return [];
  const where = isIndex(part) ? part.attributes.where : undefined;
  const parameters = isIndex(part) ? part.attributes.storageParameters : {};
  const number = (name: string): number | null => (parameters[name] === undefined ? null : Number(parameters[name]));
  const expression = (at: number): PlannedColumn => ({
    name: '',
    number: at,
    nullable: false,
    labels: [],
    type: 'text',
    ...storageOf('text'),
  });
  return [
    {
      oid: 0,
      schema: part.path[0] ?? '',
      name: part.path.at(-1) ?? '',
      method: shape.method,
      unique: shape.unique,
      columns: [...shape.keys, ...shape.include].map(numberOf),
      keys: shape.keys.length,
      predicate: where ?? null,
      fillfactor: number('fillfactor'),
      pagesPerRange: number('pages_per_range'),
      expressions: shape.keys.flatMap((text, at) => (numberOf(text) === 0 ? [expression(at + 1)] : [])),
      // The address: no file is there to be named.
      file: part.id,
      parent: null,
    },
  ];
}

const day = 86_400_000;
const yearLength = 365.25 * day;
const units: { readonly [unit: string]: number } = {
  minute: 60_000,
  hour: 3_600_000,
  day,
  week: 7 * day,
  mon: yearLength / 12,
  month: yearLength / 12,
  year: yearLength,
};

/** `13 months`, `1 year 2 days`; a month is a twelfth of a year. */
export function millisecondsOfInterval(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+?)s?\b/gi)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[(unit ?? '').toLowerCase()] ?? 0),
    0,
  );
}

/** The times of the partitions that hold rows, the present one last. */
function partitionTimes({ rule, partitions, volume }: TableVolume): readonly (readonly [string, string])[] {
  const every = Math.max(1, millisecondsOfInterval(rule?.every ?? '1 month'));
  const kept =
    rule?.retain !== undefined
      ? millisecondsOfInterval(rule.retain)
      : volume.perYear === undefined || volume.perYear <= 0
        ? yearLength
        : (volume.rows / volume.perYear) * yearLength;
  const count = Math.min(1000, Math.max(1, Math.round(partitions ?? kept / every + 1)));
  const text = (time: number): string => `${new Date(time).toISOString().slice(0, 10)} 00:00:00+00`;
  return Array.from({ length: count }, (_, at): readonly [string, string] => {
    const from = proofMoment - every * (count - 1 - at) - every / 2;
    return [text(from), text(from + every)];
  });
}
