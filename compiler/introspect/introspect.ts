/**
 * One consistent read of a database into objects: one set-based query a kind, in the registry's
 * order, under pinned settings, then pg_depend once. Knows no kind; the caller gives a connection in
 * a transaction that sees one snapshot (REPEATABLE READ on a server that others use).
 */
import type { Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { compareText, dependencyList, stateOf, type SchemaObject, type State } from '../model/object.ts';
import type { CatalogIdentity, CatalogRow, Introspected, IntrospectionContext } from '../kinds/contract.ts';
import { referenceRowsOf } from '../kinds/reference-row/read.ts';
import { kindRank, kinds } from '../kinds/registry.ts';

/** What introspection needs of a connection: rows of text. */
export interface CatalogReader {
  readonly query: (sql: string) => Promise<readonly { readonly [column: string]: string | null }[]>;
}

/**
 * Texts depend on these: names are qualified when search_path is empty (manual §9.27, pg_get_*
 * functions), bounds and defaults are printed in the session's zone and styles.
 */
export const pinnedSettings = [
  `SET LOCAL search_path TO ''`,
  `SET LOCAL TimeZone TO 'UTC'`,
  `SET LOCAL DateStyle TO 'ISO, YMD'`,
  `SET LOCAL IntervalStyle TO 'postgres'`,
  `SET LOCAL extra_float_digits TO 1`,
  `SET LOCAL quote_all_identifiers TO off`,
  `SET LOCAL bytea_output TO 'hex'`,
];

export async function rowsOf(reader: CatalogReader, query: string): Promise<readonly CatalogRow[]> {
  const [row] = await reader.query(`SELECT coalesce(json_agg(row_to_json(object)), '[]'::json)::text AS rows FROM (${query}) object`);
  return JSON.parse(row?.['rows'] ?? '[]') as readonly CatalogRow[];
}

interface KnownEntry {
  readonly id: Address;
  readonly isOwn: boolean;
}

/** Catalog entries by catalog, and in each by one number: hundreds of thousands are looked up, and texts as keys would cost more than the queries. */
class KnownEntries {
  private readonly catalogs = new Map<string, Map<number, KnownEntry>>();

  get({ catalog, oid, sub = 0 }: CatalogIdentity): KnownEntry | undefined {
    // A table has at most 1,600 columns, and an oid 32 bits.
    return this.catalogs.get(catalog)?.get(oid * 2048 + sub);
  }

  set({ catalog, oid, sub = 0 }: CatalogIdentity, entry: KnownEntry): void {
    const entries = this.catalogs.get(catalog) ?? new Map<number, KnownEntry>();
    this.catalogs.set(catalog, entries.set(oid * 2048 + sub, entry));
  }
}

/** Lookup tables whose rows are objects; where `only` is given, other rows than these are nobody's. */
export interface ReferenceRows {
  readonly tables: readonly ReferenceTable[];
  readonly only?: ReadonlySet<Address>;
}

export interface IntrospectionOptions {
  readonly references?: ReferenceRows;
  /** `ignored` leaves out who may do what and who owns what. */
  readonly privileges?: 'read' | 'ignored';
}

/** A state, and what finds an object by its catalog entry. */
export interface Read {
  readonly state: State;
  readonly context: IntrospectionContext;
  /** The catalog entries that are an object each, and stay so under another name. */
  readonly entries: () => ReadonlyMap<Address, CatalogIdentity>;
}

/** Reads every object; run inside a transaction with `pinnedSettings` set. */
export async function introspect(reader: CatalogReader, major: number, options: IntrospectionOptions = {}): Promise<State> {
  const { state } = await readObjects(reader, major, options);
  return withReferenceRows(reader, state, options.references);
}

/** The state with the rows of its lookup tables. */
export async function withReferenceRows(reader: CatalogReader, state: State, references: ReferenceRows | undefined): Promise<State> {
  const rows = references === undefined ? [] : await readReferenceRows(reader, references, state);
  return rows.length === 0
    ? state
    : stateOf(
        inOrder([...state.values(), ...rows].map((object) => ({ object, identities: [] }))).map(({ object }) => object as SchemaObject),
      );
}

/** pg_partman's table of what it manages, known by its columns: the extension may be in any schema, and its role may keep it from others. */
const partmanTable = `
  SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = 'part_config' AND c.relkind = 'r' AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('parent_table', 'partition_interval', 'template_table')) = 3
  ORDER BY 1 LIMIT 1`;

/** The same without rows of lookup tables, and with the way from a catalog entry to its object. */
export async function readObjects(reader: CatalogReader, major: number, options: IntrospectionOptions = {}): Promise<Read> {
  const [support] = await reader.query(`SELECT to_regclass('schemac.partition_rule')::text AS rules, (${partmanTable}) AS partman`);
  const known = new KnownEntries();
  const lookUp = (identity: CatalogIdentity): Address | undefined => known.get(identity)?.id;
  const context: IntrospectionContext = {
    major,
    hasPartitionRules: support?.['rules'] !== null && support?.['rules'] !== undefined,
    ...(typeof support?.['partman'] === 'string' ? { partman: support['partman'] } : {}),
    resolve: lookUp,
    resolveOwn: (identity) => {
      const entry = known.get(identity);
      return entry?.isOwn === true ? entry.id : undefined;
    },
  };
  const absent = await absentKinds(reader);
  const found: Introspected[] = [];
  for (const kind of kinds) {
    if (absent.has(kind.kind)) continue;
    if (kind.concerns === 'privileges' && options.privileges === 'ignored') continue;
    for (const row of await rowsOf(reader, kind.introspect.query(context))) {
      const introspected = kind.introspect.read(row, context);
      if (introspected === undefined) continue;
      found.push(introspected);
      introspected.identities.forEach((identity, place) => {
        known.set(identity, { id: introspected.object.id, isOwn: place === 0 });
      });
    }
  }
  return {
    state: joinDependencies(found, await readDependencies(reader, lookUp)),
    context,
    entries: () =>
      new Map(found.flatMap(({ object, identities }) => (identities[0] === undefined ? [] : [[object.id, identities[0]] as const]))),
  };
}

/**
 * Kinds that the database can hold nothing of: half of a query's time is its planning, and most databases
 * have objects of ten kinds. What users make has oids from 16384 on (FirstNormalObjectId, access/transam.h).
 */
async function absentKinds(reader: CatalogReader): Promise<ReadonlySet<string>> {
  const told = kinds.flatMap(({ kind, introspect: { entries } }) => (entries === undefined ? [] : [{ kind, entries }]));
  const conditions = told.map(
    ({ entries: { catalog, where } }) =>
      `EXISTS (SELECT FROM pg_catalog.${catalog} WHERE oid >= 16384${where === undefined ? '' : ` AND ${where}`})`,
  );
  const [row] = await reader.query(`SELECT json_build_array(${conditions.join(', ')})::text AS present`);
  const present = JSON.parse(row?.['present'] ?? '[]') as readonly boolean[];
  return new Set(told.flatMap(({ kind }, at) => (present[at] === false ? [kind] : [])));
}

/**
 * pg_depend as pairs of addresses (manual §52.18). A column that is no object of its own, as a
 * view's, stands for its relation.
 */
async function readDependencies(
  reader: CatalogReader,
  lookUp: (identity: CatalogIdentity) => Address | undefined,
): Promise<ReadonlyMap<Address, Set<Address>>> {
  const [row] = await reader.query(`
    SELECT coalesce(json_agg(json_build_array(d.classid::regclass::text, d.objid::int8, d.objsubid, d.refclassid::regclass::text, d.refobjid::int8, d.refobjsubid)), '[]'::json)::text AS rows
    FROM pg_depend d WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384`);
  const entries = JSON.parse(row?.['rows'] ?? '[]') as readonly [string, number, number, string, number, number][];
  const resolve = (catalog: string, oid: number, sub: number): Address | undefined =>
    lookUp({ catalog, oid, sub }) ?? (sub === 0 ? undefined : lookUp({ catalog, oid }));
  const dependencies = new Map<Address, Set<Address>>();
  for (const [catalog, oid, sub, refCatalog, refOid, refSub] of entries) {
    const dependent = resolve(catalog, oid, sub);
    const referenced = resolve(refCatalog, refOid, refSub);
    if (dependent === undefined || referenced === undefined) continue;
    const set = dependencies.get(dependent) ?? new Set();
    dependencies.set(dependent, set.add(referenced));
  }
  return dependencies;
}

/** The rows of lookup tables, one query for all. */
async function readReferenceRows(reader: CatalogReader, { tables, only }: ReferenceRows, state: State): Promise<readonly SchemaObject[]> {
  const wanted = referenceRowsOf(tables, state);
  if (wanted === undefined) return [];
  const rows = await rowsOf(reader, wanted.query);
  const found = wanted.read(rows.map((row) => [row['at'] as number, row['texts'] as readonly (string | null)[]]));
  return only === undefined ? found : found.filter((row) => only.has(row.id));
}

/** By kind, then owner, place and name: a catalog gives its rows in no order. */
function inOrder(found: readonly Introspected[]): readonly Introspected[] {
  const position = ({ object }: Introspected): number => Number(object.facts?.['position'] ?? 0);
  const owner = ({ object }: Introspected): string => object.partOf ?? '';
  return [...found].sort(
    (left, right) =>
      kindRank(left.object.kind) - kindRank(right.object.kind) ||
      compareText(owner(left), owner(right)) ||
      position(left) - position(right) ||
      compareText(left.object.id, right.object.id),
  );
}

function joinDependencies(found: readonly Introspected[], dependencies: ReadonlyMap<Address, Set<Address>>): State {
  return stateOf(
    inOrder(found).map(({ object }): SchemaObject => {
      const all = [
        ...(object.dependsOn ?? []),
        ...(object.partOf === undefined ? [] : [object.partOf]),
        ...(dependencies.get(object.id) ?? []),
      ];
      return { ...object, dependsOn: dependencyList(all, object.id) };
    }),
  );
}
