/**
 * What must be known to put rows into tables, read from the catalogs in a few set-based queries: the
 * named tables and, through foreign keys, all that they reference; columns, types, checks, keys and
 * partitions. Reads only; what to insert is decided elsewhere.
 */
import { address, type Address } from '../model/address.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import type { Engine, EngineRow } from '../engine/engine.ts';

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

type Raw = { readonly [name: string]: unknown };

/** Parses a column of JSON rows. */
function rowsIn(rows: readonly EngineRow[]): readonly Raw[] {
  return JSON.parse(rows[0]?.['rows'] ?? '[]') as readonly Raw[];
}

const listOf = (oids: readonly string[]): string => `ARRAY[${oids.join(', ')}]::oid[]`;

/** The oids of tables and of everything that they reference, directly or not. */
async function closureOf(engine: Engine, paths: readonly (readonly string[])[]): Promise<readonly string[]> {
  const names = paths.map((path) => quoteText(qualifiedName(path))).join(', ');
  const rows = await engine.query(`
    WITH RECURSIVE reached(oid) AS (
      SELECT c.oid FROM unnest(ARRAY[${names}]::text[]) AS named(name)
      JOIN pg_catalog.pg_class c ON c.oid = to_regclass(named.name) AND c.relkind IN ('r', 'p')
      UNION
      SELECT f.confrelid FROM reached JOIN pg_catalog.pg_constraint f ON f.conrelid = reached.oid AND f.contype = 'f')
    SELECT oid FROM reached`);
  return rows.map((row) => row['oid'] ?? '');
}

const tablesQuery = (oids: string): string => `
  SELECT json_agg(t)::text AS rows FROM (
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned,
      CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END AS own,
      (SELECT json_agg(json_build_object('schema', ln.nspname, 'name', l.relname, 'constraint', pg_get_partition_constraintdef(l.oid))
          ORDER BY pg_get_expr(l.relpartbound, l.oid) = 'DEFAULT', ln.nspname, l.relname)
        FROM pg_partition_tree(c.oid) tree JOIN pg_catalog.pg_class l ON l.oid = tree.relid JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
        WHERE c.relkind = 'p' AND tree.isleaf AND l.relkind = 'r') AS leaves,
      (SELECT json_agg(DISTINCT a.attname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisunique) AS keys
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (${oids})) t`;

const columnsQuery = (oids: string): string => `
  SELECT json_agg(t)::text AS rows FROM (
    SELECT a.attrelid::text AS table, a.attname AS name, a.atttypid::text AS type, a.atttypmod AS modifier, a.attnotnull AS notnull,
      a.attidentity <> '' AS identity, a.attgenerated <> '' AS generated, pg_get_expr(d.adbin, d.adrelid) AS expression,
      EXISTS (SELECT FROM pg_catalog.pg_depend s JOIN pg_catalog.pg_class q ON q.oid = s.refobjid AND q.relkind = 'S'
        WHERE s.classid = 'pg_catalog.pg_attrdef'::regclass AND s.objid = d.oid AND s.refclassid = 'pg_catalog.pg_class'::regclass) AS serial,
      (SELECT json_agg(r.attname ORDER BY r.attnum) FROM pg_catalog.pg_depend s JOIN pg_catalog.pg_attribute r ON r.attrelid = a.attrelid AND r.attnum = s.refobjsubid
        WHERE s.classid = 'pg_catalog.pg_attrdef'::regclass AND s.objid = d.oid AND s.refobjid = a.attrelid AND r.attnum <> a.attnum) AS uses
    FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ANY (${oids}) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum) t`;

const constraintsQuery = (oids: string): string => `
  SELECT json_agg(t)::text AS rows FROM (
    SELECT k.conrelid::text AS table, k.contype AS form, n.nspname AS schema, k.conname AS name, k.condeferrable AS deferrable, k.confmatchtype AS match,
      k.confrelid::text AS target, pg_get_expr(k.conbin, k.conrelid) AS expression,
      (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY u(number, at)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
      (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.confkey) WITH ORDINALITY u(number, at)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS targets
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
    WHERE k.conrelid = ANY (${oids}) AND k.contype IN ('c', 'f') ORDER BY k.conrelid, k.conname) t`;

const typesQuery = (oids: string): string => `
  WITH RECURSIVE used(oid) AS (
    SELECT atttypid FROM pg_catalog.pg_attribute WHERE attrelid = ANY (${oids}) AND attnum > 0 AND NOT attisdropped
    UNION
    SELECT inner_type.oid FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
      LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid
      CROSS JOIN LATERAL (VALUES (t.typbasetype), (t.typelem), (r.rngsubtype), (m.rngtypid)) inner_type(oid)
    WHERE inner_type.oid <> 0)
  SELECT json_agg(q)::text AS rows FROM (
    SELECT t.oid::text AS oid, t.typname AS name, t.typtype AS form, t.typcategory AS category, t.typbasetype::text AS base, t.typtypmod AS modifier,
      t.typnotnull AS notnull, coalesce(r.rngsubtype, m.rngtypid, t.typelem)::text AS inner,
      (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels,
      (SELECT json_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks,
      (SELECT json_object_agg(f.modifier, format_type(t.oid, f.modifier)) FROM (
        SELECT atttypmod FROM pg_catalog.pg_attribute WHERE attrelid = ANY (${oids}) AND atttypid = t.oid
        UNION SELECT d.typtypmod FROM pg_catalog.pg_type d JOIN used USING (oid) WHERE d.typbasetype = t.oid UNION SELECT -1) f(modifier)) AS spelled
    FROM used JOIN pg_catalog.pg_type t ON t.oid = used.oid
      LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid) q`;

/** Reads the named tables and what they reference; names that are no tables are left out. */
export async function readSeedCatalog(engine: Engine, paths: readonly (readonly string[])[]): Promise<SeedCatalog> {
  const oids = await closureOf(engine, paths);
  if (oids.length === 0) return new Map();
  const list = listOf(oids);
  const types = new Map(rowsIn(await engine.query(typesQuery(list))).map((row) => [row['oid'] as string, row]));
  const columns = groupByTable(rowsIn(await engine.query(columnsQuery(list))));
  const constraints = groupByTable(rowsIn(await engine.query(constraintsQuery(list))));
  const tables = new Map(rowsIn(await engine.query(tablesQuery(list))).map((row) => [row['oid'] as string, row]));
  return new Map(
    oids.flatMap((oid) => {
      const row = tables.get(oid);
      return row === undefined ? [] : [[oid, tableOf(row, columns.get(oid) ?? [], constraints.get(oid) ?? [], types)] as const];
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

function tableOf(row: Raw, columnRows: readonly Raw[], constraintRows: readonly Raw[], types: ReadonlyMap<string, Raw>): SeedTable {
  const [schema, name] = [row['schema'] as string, row['name'] as string];
  const columns = columnRows.map((column) => columnOf(column, types));
  const own = row['own'] as string | null;
  const leaves = ((row['leaves'] ?? []) as readonly Raw[]).map((leaf): Leaf => ({
    name: qualifiedName([leaf['schema'] as string, leaf['name'] as string]),
    constraint: (leaf['constraint'] as string | null) ?? undefined,
  }));
  return {
    oid: row['oid'] as string,
    id: address('table', schema, name),
    sql: qualifiedName([schema, name]),
    schema,
    columns,
    conditions: constraintRows
      .filter((constraint) => constraint['form'] === 'c')
      .map((check) => ({ expression: check['expression'] as string, columns: (check['columns'] ?? []) as readonly string[] })),
    references: constraintRows.filter((constraint) => constraint['form'] === 'f').map((constraint) => referenceOf(constraint, columns)),
    keyColumns: new Set((row['keys'] ?? []) as readonly string[]),
    leaves: row['partitioned'] === true ? leaves : [{ name: qualifiedName([schema, name]), constraint: own ?? undefined }],
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
    generated: row['generated'] === true ? { expression: expression ?? 'NULL', columns: (row['uses'] ?? []) as readonly string[] } : undefined,
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
