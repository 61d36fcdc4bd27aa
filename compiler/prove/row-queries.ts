/**
 * The catalog queries behind the generated rows: one for each sort of thing, for all tables at once,
 * each giving its rows as JSON. SQL and nothing else; what the rows mean is said in row-catalog.ts.
 */
import { qualifiedName, quoteText } from '../sql/quote.ts';
import type { Engine, EngineRow } from '../engine/engine.ts';

/** A catalog row as JSON. */
export type Raw = { readonly [name: string]: unknown };

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
      SELECT f.confrelid FROM reached CROSS JOIN LATERAL (SELECT reached.oid UNION SELECT relid FROM pg_partition_tree(reached.oid)) part(oid)
      JOIN pg_catalog.pg_constraint f ON f.conrelid = part.oid AND f.contype = 'f' AND f.conparentid = 0)
    SELECT oid FROM reached`);
  return rows.map((row) => row['oid'] ?? '');
}

const tablesQuery = (oids: string): string => `
  SELECT json_agg(t)::text AS rows FROM (
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned,
      CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END AS own,
      (SELECT json_agg(json_build_object('oid', l.oid::text, 'schema', ln.nspname, 'name', l.relname, 'constraint', pg_get_partition_constraintdef(l.oid))
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
    WHERE k.contype IN ('c', 'f') AND (k.conrelid = ANY (${oids})
      OR k.coninhcount = 0 AND k.conrelid IN (SELECT tree.relid FROM unnest(${oids}) AS root(oid) CROSS JOIN LATERAL pg_partition_tree(root.oid) tree WHERE tree.isleaf))
    ORDER BY k.conrelid, k.conname) t`;

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

export interface CatalogRows {
  /** The named tables and all that they refer to. */
  readonly oids: readonly string[];
  readonly tables: readonly Raw[];
  readonly columns: readonly Raw[];
  /** Checks and foreign keys, those of leaves alone included. */
  readonly constraints: readonly Raw[];
  readonly types: readonly Raw[];
}

/** Reads all of it; names that are no tables are left out. */
export async function readCatalogRows(engine: Engine, paths: readonly (readonly string[])[]): Promise<CatalogRows> {
  const oids = await closureOf(engine, paths);
  if (oids.length === 0) return { oids, tables: [], columns: [], constraints: [], types: [] };
  const list = listOf(oids);
  return {
    oids,
    tables: rowsIn(await engine.query(tablesQuery(list))),
    columns: rowsIn(await engine.query(columnsQuery(list))),
    constraints: rowsIn(await engine.query(constraintsQuery(list))),
    types: rowsIn(await engine.query(typesQuery(list))),
  };
}
