/**
 * Everything that is declared of volumes, gathered by table, with defaults where nothing is declared;
 * and the same at another scale. Declarations in, plain data out; no engine is asked here.
 */
import { parseAddress, type Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { SchemaObject } from '../model/object.ts';
import type { ColumnValues, Volume } from '../model/workload.ts';
import { groupBy } from './group.ts';
import { isColumn, isForeignKey, isMaterializedView, isPartitionRule, isTable } from '../kinds/guards.ts';

export interface TableVolume {
  readonly table: Address;
  readonly path: readonly string[];
  readonly volume: Required<Omit<Volume, 'perYear'>> & Pick<Volume, 'perYear'>;
  readonly columns: { readonly [column: string]: ColumnValues };
  /** The table that a column alone refers to, enforced or not. */
  readonly references: { readonly [column: string]: Address };
  /** Every table that it refers to, by however many columns. */
  readonly refersTo: readonly Address[];
  /** How a rule partitions it. */
  readonly rule?: { readonly every: string; readonly retain?: string; readonly zone: string };
  /** How many partitions hold rows, where a scale says so. */
  readonly partitions?: number;
}

export type Volumes = ReadonlyMap<Address, TableVolume>;

/** Rows of a table of which nobody said anything: enough for an index to matter. */
export const defaultRows = 10_000;

export function volumesOf(declared: DeclaredSchema): Volumes {
  const tables = declared.objects.filter((object) => isTable(object) || isMaterializedView(object));
  const byTable = groupBy(declared.objects, (object) => object.partOf);
  const soft = groupBy(declared.softReferences, ({ from }) => from);
  return new Map(
    tables.map((table) => {
      const parts = byTable.get(table.id) ?? [];
      const softly = (soft.get(table.id) ?? []).map(({ fromColumns, to }) => ({ columns: fromColumns, to }));
      return [table.id, tableVolume(table, parts, softly, declared)];
    }),
  );
}

function tableVolume(
  table: SchemaObject,
  parts: readonly SchemaObject[],
  soft: readonly { readonly columns: readonly string[]; readonly to: Address }[],
  declared: DeclaredSchema,
): TableVolume {
  const { expectedRows, volume } = declared.annotations.get(table.id) ?? {};
  const hard = parts.filter(isForeignKey).map(({ attributes }) => ({ columns: attributes.columns, to: attributes.references }));
  const single = [...soft, ...hard].flatMap(({ columns: [first, second], to }): readonly [string, Address][] =>
    first === undefined || second !== undefined ? [] : [[first, to]],
  );
  const rule = parts.find(isPartitionRule)?.attributes;
  return {
    table: table.id,
    path: table.path,
    volume: { bloat: 1, allVisible: 1, ...volume, rows: expectedRows ?? defaultRows },
    columns: Object.fromEntries(
      parts.filter(isColumn).map((column) => [column.path.at(-1) ?? '', declared.annotations.get(column.id)?.values ?? {}]),
    ),
    references: Object.fromEntries(single),
    refersTo: [...new Set([...soft, ...hard].map(({ to }) => to).filter((to) => to !== table.id))],
    // The samples of times are made for keys that are times.
    ...(rule?.every === undefined || rule.key !== undefined
      ? {}
      : { rule: { every: rule.every, zone: rule.zone, ...(rule.retain === undefined ? {} : { retain: rule.retain }) } }),
  };
}

/** One wish for a scale: `users=100M` or `digests.partitions=60`. */
export interface Scale {
  readonly table: string;
  readonly what: 'rows' | 'partitions';
  readonly value: number;
}

const suffixes: { readonly [suffix: string]: number } = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Reads `TABLE=NUMBER` or `TABLE.partitions=NUMBER`; a number may end in k, M or G. Undefined where the text is neither. */
export function parseScale(text: string): Scale | undefined {
  const match = /^([^=]+?)(\.partitions)?=(\d+(?:\.\d+)?)([kKmMgG]?)$/.exec(text);
  if (match?.[1] === undefined || match[3] === undefined) return undefined;
  const value = Number(match[3]) * (suffixes[(match[4] ?? '').toLowerCase()] ?? 1);
  return value > 0 ? { table: match[1], what: match[2] === undefined ? 'rows' : 'partitions', value } : undefined;
}

/** The table that a scale is about, by its name or its name with the schema. */
export function scaledTable(volumes: Volumes, name: string): TableVolume | undefined {
  return [...volumes.values()].find(({ path }) => path.at(-1) === name || path.join('.') === name);
}

/**
 * Volumes at another scale: what refers to a table grows as it does, and so does what it refers to where
 * that has more rows; unless a scale of its own says otherwise.
 */
export function atScale(volumes: Volumes, scales: readonly Scale[]): Volumes {
  const given = new Map<Address, number>();
  for (const { table, what, value } of scales) {
    const found = scaledTable(volumes, table);
    if (found !== undefined && what === 'rows') given.set(found.table, value / found.volume.rows);
  }
  const factors = spreadFactors(volumes, given);
  return new Map(
    [...volumes].map(([id, table]) => {
      const rows = Math.round(table.volume.rows * (factors.get(id) ?? 1));
      const count = scales.find(({ what, table: name }) => what === 'partitions' && scaledTable(volumes, name)?.table === id)?.value;
      return [id, { ...table, volume: { ...table.volume, rows }, ...(count === undefined ? {} : { partitions: count }) }];
    }),
  );
}

/** From each scaled table on to those that refer to it, nearest first, so that a circle ends. */
function spreadFactors(volumes: Volumes, given: ReadonlyMap<Address, number>): ReadonlyMap<Address, number> {
  const factors = new Map<Address, number>();
  // Of two scales that reach a table, that of the table nearer to it counts: digests, which refer to users, before users.
  const isBelow = (id: Address, other: Address): boolean => reaches(volumes, id, other, new Set());
  for (const [id, factor] of [...given].sort(([left], [right]) => Number(isBelow(right, left)) - Number(isBelow(left, right))))
    factors.set(id, factor);
  for (const [id, factor] of factors) {
    for (const [other, { refersTo }] of volumes) if (!factors.has(other) && refersTo.includes(id)) factors.set(other, factor);
  }
  for (const [id, factor] of factors) {
    const { refersTo, volume } = volumes.get(id) ?? { refersTo: [], volume: { rows: 0 } };
    for (const other of refersTo)
      if (!factors.has(other) && (volumes.get(other)?.volume.rows ?? 0) >= volume.rows) factors.set(other, factor);
  }
  return factors;
}

function reaches(volumes: Volumes, from: Address, to: Address, seen: Set<Address>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return (volumes.get(from)?.refersTo ?? []).some((next) => next === to || reaches(volumes, next, to, seen));
}

/** The table's path in an address. */
export function pathOfTable(table: Address): readonly string[] {
  return parseAddress(table)?.path ?? [];
}
