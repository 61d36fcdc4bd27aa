/**
 * What must be known to put rows into tables, read from the catalogs in a few set-based queries: the
 * named tables and, through foreign keys, all that they reference; columns, types, checks, keys and
 * partitions. Reads only; what to insert is decided elsewhere.
 */
import { address, type Address } from '../model/address.ts';
import { qualifiedName } from '../sql/quote.ts';
import type { Engine } from '../engine/engine.ts';
import { readCatalogRows, type Raw } from './row-queries.ts';

/** A data type, domains and arrays resolved to what they are made of. */
export interface ValueType {
  /** The base type's name in pg_type: `int4`, `varchar`; never a domain's. */
  readonly name: string;
  /** The base type as it is written in SQL, with its modifier: `character varying(20)`. */
  readonly sql: string;
  /** pg_type.typcategory of the base type. */
  readonly category: string;
  /** pg_type.typtype of the base type: `e` an enum, `c` a composite, `r` a range. */
  readonly form: string;
  readonly labels: readonly string[];
  /** Element of an array, subtype of a range, range of a multirange. */
  readonly inner: ValueType | undefined;
  /** Conditions of the domains on the way to the base type, on a column called VALUE. */
  readonly domainChecks: readonly string[];
  readonly domainNotNull: boolean;
}

export interface SeedColumn {
  readonly name: string;
  readonly type: ValueType;
  readonly notNull: boolean;
  readonly identity: boolean;
  /** Whether a sequence makes the default. */
  readonly serial: boolean;
  readonly default: string | undefined;
  /** A generated column's expression and the columns in it. */
  readonly generated: { readonly expression: string; readonly columns: readonly string[] } | undefined;
}

/** A condition that a row must not make false, and the columns it is about. */
export interface Condition {
  readonly expression: string;
  readonly columns: readonly string[];
}

export interface SeedReference {
  /** The constraint as SET CONSTRAINTS names it. */
  readonly constraint: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly deferrable: boolean;
  /** Whether a null in some column makes the reference hold. */
  readonly columnsNull: readonly string[];
}

export interface Leaf {
  readonly name: string;
  /** The whole partition constraint, with those of the levels above; absent where anything fits. */
  readonly constraint: string | undefined;
  /** Checks and references of the leaf alone, which its parent does not have. */
  readonly conditions: readonly Condition[];
  readonly references: readonly SeedReference[];
}

export interface SeedTable {
  readonly oid: string;
  readonly id: Address;
  /** Schema-qualified and quoted. */
  readonly sql: string;
  readonly schema: string;
  readonly columns: readonly SeedColumn[];
  readonly conditions: readonly Condition[];
  readonly references: readonly SeedReference[];
  /** Columns in some unique or primary key, a unique index included. */
  readonly keyColumns: ReadonlySet<string>;
  readonly leaves: readonly Leaf[];
}

/** Tables by oid, those that were named first. */
export type SeedCatalog = ReadonlyMap<string, SeedTable>;

/** Reads the named tables and what they reference; names that are no tables are left out. */
export async function readSeedCatalog(engine: Engine, paths: readonly (readonly string[])[]): Promise<SeedCatalog> {
  const { oids, tables, ...rows } = await readCatalogRows(engine, paths);
  const types = new Map(rows.types.map((row) => [row['oid'] as string, row]));
  const columns = groupByTable(rows.columns);
  const constraints = groupByTable(rows.constraints);
  const byOid = new Map(tables.map((row) => [row['oid'] as string, row]));
  return new Map(
    oids.flatMap((oid) => {
      const row = byOid.get(oid);
      return row === undefined ? [] : [[oid, tableOf(row, columns.get(oid) ?? [], constraints, types)] as const];
    }),
  );
}

function groupByTable(rows: readonly Raw[]): ReadonlyMap<string, readonly Raw[]> {
  const groups = new Map<string, Raw[]>();
  for (const row of rows) {
    const group = groups.get(row['table'] as string);
    if (group === undefined) groups.set(row['table'] as string, [row]);
    else group.push(row);
  }
  return groups;
}

function tableOf(
  row: Raw,
  columnRows: readonly Raw[],
  constraints: ReadonlyMap<string, readonly Raw[]>,
  types: ReadonlyMap<string, Raw>,
): SeedTable {
  const [schema, name] = [row['schema'] as string, row['name'] as string];
  const columns = columnRows.map((column) => columnOf(column, types));
  const own = row['own'] as string | null;
  const leaves = ((row['leaves'] ?? []) as readonly Raw[]).map((leaf): Leaf => ({
    name: qualifiedName([leaf['schema'] as string, leaf['name'] as string]),
    constraint: (leaf['constraint'] as string | null) ?? undefined,
    ...constraintsOf(constraints.get(leaf['oid'] as string) ?? [], columns),
  }));
  return {
    oid: row['oid'] as string,
    id: address('table', schema, name),
    sql: qualifiedName([schema, name]),
    schema,
    columns,
    ...constraintsOf(constraints.get(row['oid'] as string) ?? [], columns),
    keyColumns: new Set((row['keys'] ?? []) as readonly string[]),
    leaves:
      row['partitioned'] === true
        ? leaves
        : [{ name: qualifiedName([schema, name]), constraint: own ?? undefined, conditions: [], references: [] }],
  };
}

function constraintsOf(rows: readonly Raw[], columns: readonly SeedColumn[]): Pick<SeedTable, 'conditions' | 'references'> {
  return {
    conditions: rows
      .filter((row) => row['form'] === 'c')
      .map((check) => ({ expression: check['expression'] as string, columns: (check['columns'] ?? []) as readonly string[] })),
    references: rows.filter((row) => row['form'] === 'f').map((reference) => referenceOf(reference, columns)),
  };
}

function columnOf(row: Raw, types: ReadonlyMap<string, Raw>): SeedColumn {
  const type = typeOf(row['type'] as string, row['modifier'] as number, types);
  const expression = row['expression'] as string | null;
  return {
    name: row['name'] as string,
    type,
    notNull: row['notnull'] === true || type.domainNotNull,
    identity: row['identity'] === true,
    serial: row['serial'] === true && row['generated'] !== true,
    default: row['generated'] === true ? undefined : (expression ?? undefined),
    generated:
      row['generated'] === true ? { expression: expression ?? 'NULL', columns: (row['uses'] ?? []) as readonly string[] } : undefined,
  };
}

function typeOf(oid: string, modifier: number, types: ReadonlyMap<string, Raw>): ValueType {
  const row = types.get(oid) ?? {};
  if (row['form'] === 'd') {
    const base = typeOf(row['base'] as string, row['modifier'] as number, types);
    const checks = (row['checks'] ?? []) as readonly string[];
    return { ...base, domainChecks: [...checks, ...base.domainChecks], domainNotNull: row['notnull'] === true || base.domainNotNull };
  }
  const spelled = row['spelled'] as { readonly [modifier: string]: string };
  const hasInner = row['category'] === 'A' || row['form'] === 'r' || row['form'] === 'm';
  return {
    name: row['name'] as string,
    sql: spelled[String(modifier)] ?? spelled['-1'] ?? 'text',
    category: row['category'] as string,
    form: row['form'] as string,
    labels: (row['labels'] ?? []) as readonly string[],
    inner: hasInner ? typeOf(row['inner'] as string, -1, types) : undefined,
    domainChecks: [],
    domainNotNull: false,
  };
}

function referenceOf(row: Raw, all: readonly SeedColumn[]): SeedReference {
  const columns = row['columns'] as readonly string[];
  const nullable = columns.filter((name) => all.find((column) => column.name === name)?.notNull === false);
  return {
    constraint: qualifiedName([row['schema'] as string, row['name'] as string]),
    columns,
    target: row['target'] as string,
    targetColumns: row['targets'] as readonly string[],
    deferrable: row['deferrable'] === true,
    // MATCH FULL holds only when all of its columns are null, MATCH SIMPLE when one of them is (CREATE TABLE, REFERENCES).
    columnsNull: row['match'] === 'f' && nullable.length < columns.length ? [] : nullable,
  };
}
