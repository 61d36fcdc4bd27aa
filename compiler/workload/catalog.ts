/**
 * What the planner's inputs are computed for: relations of an engine with their columns, keys and
 * files, read from the catalogs in one query. Facts of PostgreSQL alone; no volume is known here.
 */
import type { Engine } from '../engine/engine.ts';

export interface PlannedColumn {
  readonly name: string;
  readonly number: number;
  /** As format_type prints it, without a modifier: `character varying`, `text[]`. */
  readonly type: string;
  /** pg_type.typcategory, of the base type where it is a domain: `D` dates, `N` numbers, `E` enums. */
  readonly category: string;
  /** pg_attribute.attlen; -1 where it varies. */
  readonly length: number;
  /** Bytes to which it is aligned. */
  readonly align: number;
  /** Whether long values move out of the row (TOAST). */
  readonly toastable: boolean;
  readonly nullable: boolean;
  /** Values of an enum, in order. */
  readonly labels: readonly string[];
}

export interface PlannedIndex {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  /** Of the keys, then of the included columns; 0 for an expression. */
  readonly columns: readonly number[];
  readonly keys: number;
  readonly predicate: string | null;
  readonly fillfactor: number | null;
  readonly pagesPerRange: number | null;
  /** The index's own columns that are expressions. */
  readonly expressions: readonly PlannedColumn[];
  readonly file: string | null;
  /** The partitioned index that it is part of. */
  readonly parent: number | null;
}

export interface PlannedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `table`, or `partitioned` with leaves below it. */
  readonly form: 'table' | 'partitioned';
  readonly parent: number | null;
  /** The column of a range key with one column, and the bounds of a partition by it. */
  readonly key: string | null;
  readonly bounds: readonly [string, string] | null;
  readonly fillfactor: number | null;
  readonly columns: readonly PlannedColumn[];
  readonly indexes: readonly PlannedIndex[];
  readonly file: string | null;
}

const column = `json_build_object('name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, NULL),
    'category', CASE WHEN t.typcategory = 'E' OR bt.typcategory = 'E' THEN 'E' ELSE t.typcategory END, 'length', a.attlen,
    'align', CASE a.attalign WHEN 'c' THEN 1 WHEN 's' THEN 2 WHEN 'i' THEN 4 ELSE 8 END, 'toastable', a.attstorage IN ('x', 'e', 'm'), 'nullable', NOT a.attnotnull,
    'labels', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid IN (t.oid, t.typbasetype))) ORDER BY a.attnum`;

const columnsOf = (
  relation: string,
): string => `(SELECT coalesce(json_agg(${column}), '[]') FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_type bt ON bt.oid = t.typbasetype WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped`;

const option = (relation: string, name: string): string =>
  `(SELECT option_value::integer FROM pg_options_to_table(${relation}.reloptions) WHERE option_name = '${name}')`;

const query = String.raw`
  WITH index AS (
    SELECT x.indrelid, json_build_object('oid', i.oid::bigint, 'schema', n.nspname, 'name', i.relname, 'method', m.amname, 'unique', x.indisunique,
      'columns', (SELECT json_agg(k::integer) FROM unnest(x.indkey) k), 'keys', x.indnkeyatts, 'predicate', pg_get_expr(x.indpred, x.indrelid),
      'fillfactor', ${option('i', 'fillfactor')}, 'pagesPerRange', ${option('i', 'pages_per_range')},
      'expressions', ${columnsOf('i.oid')} AND a.attnum <= x.indnkeyatts AND x.indkey[a.attnum - 1] = 0),
      'file', pg_relation_filepath(i.oid), 'parent', (SELECT h.inhparent::bigint FROM pg_inherits h WHERE h.inhrelid = i.oid)) AS index
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam JOIN pg_namespace n ON n.oid = i.relnamespace
  )
  SELECT coalesce(json_agg(json_build_object('oid', c.oid::bigint, 'schema', n.nspname, 'name', c.relname,
    'form', CASE c.relkind WHEN 'p' THEN 'partitioned' ELSE 'table' END,
    'parent', (SELECT h.inhparent::bigint FROM pg_inherits h WHERE h.inhrelid = c.oid),
    'key', (SELECT a.attname FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
            WHERE p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1),
    'bounds', (SELECT json_build_array(b[1], b[2]) FROM pg_partition_ancestors(c.oid) WITH ORDINALITY up(oid, place) JOIN pg_class a ON a.oid = up.oid
            CROSS JOIN LATERAL regexp_match(pg_get_expr(a.relpartbound, a.oid), '^FOR VALUES FROM \(''?([^'']*?)''?\) TO \(''?([^'']*?)''?\)$') b
            WHERE b IS NOT NULL ORDER BY up.place LIMIT 1),
    'fillfactor', ${option('c', 'fillfactor')}, 'columns', ${columnsOf('c.oid')}),
    'indexes', (SELECT coalesce(json_agg(i.index ORDER BY i.index->>'name'), '[]') FROM index i WHERE i.indrelid = c.oid),
    'file', pg_relation_filepath(c.oid)) ORDER BY n.nspname, c.relname), '[]')::text AS relations
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'schemac', 'schemac_buffers') AND n.nspname NOT LIKE 'pg\_%'`;

/** Every table, partition and materialized view with its indexes, by schema and name. */
export async function readRelations(engine: Pick<Engine, 'query'>): Promise<readonly PlannedRelation[]> {
  const [row] = await engine.query(query);
  const relations = JSON.parse(row?.['relations'] ?? '[]') as readonly (PlannedRelation & { readonly bounds: readonly string[] | null })[];
  return relations.map((relation) => (typeof relation.bounds?.[0] === 'string' ? relation : { ...relation, bounds: null }));
}
