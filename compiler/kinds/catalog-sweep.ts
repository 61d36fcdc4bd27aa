/**
 * Every catalog whose rows pg_dump would write, as data: a sweep over all of them finds what no kind
 * has read. What is only a part of another entry (deptype i, P and S of pg_depend, manual §52.18: an
 * array type, a foreign key's triggers, a partition's share of an index) is found through its owner.
 */
import { quoteText } from '../sql/quote.ts';
import { notManaged, notOfExtension, ourSchema } from './catalog.ts';
import type { IntrospectionContext } from './contract.ts';

interface SweptCatalog {
  readonly catalog: string;
  /** FROM and WHERE that give the catalog's own rows, with itself as `x`. */
  readonly rows: string;
  /** The oid where the rows come from a view that anybody may read. */
  readonly oid?: string;
  readonly since?: number;
}

const inOurSchema = (column: string): string => `${column} IN (SELECT oid FROM our_schema)`;
const onOurRelation = (column: string): string => `${column} IN (SELECT oid FROM our_relation)`;

/** A catalog whose rows have a schema, named by its column. */
function named(catalog: string, column: string): SweptCatalog {
  return { catalog, rows: `${catalog} x WHERE ${inOurSchema(`x.${column}`)}` };
}

function ofRelation(catalog: string, column: string, more = ''): SweptCatalog {
  return { catalog, rows: `${catalog} x WHERE ${onOurRelation(`x.${column}`)}${more}` };
}

function whole(catalog: string): SweptCatalog {
  return { catalog, rows: `${catalog} x` };
}

/** A child's default that is one of its parents' own is theirs, whichever wrote it down. */
const notInherited = ` AND NOT EXISTS (
  SELECT FROM pg_attribute own
  JOIN pg_inherits up ON up.inhrelid = own.attrelid
  JOIN pg_attribute theirs ON theirs.attrelid = up.inhparent AND theirs.attname = own.attname
  JOIN pg_attrdef above ON above.adrelid = theirs.attrelid AND above.adnum = theirs.attnum
  WHERE own.attrelid = x.adrelid AND own.attnum = x.adnum
    AND pg_get_expr(above.adbin, above.adrelid) = pg_get_expr(x.adbin, x.adrelid))`;

const catalogs: readonly SweptCatalog[] = [
  { catalog: 'pg_namespace', rows: `pg_namespace x WHERE ${inOurSchema('x.oid')} AND x.nspname <> 'public'` },
  { catalog: 'pg_extension', rows: `pg_extension x WHERE x.extname <> 'plpgsql'` },
  { catalog: 'pg_class', rows: `pg_class x WHERE ${onOurRelation('x.oid')} AND x.relkind <> 't'` },
  named('pg_type', 'typnamespace'),
  named('pg_proc', 'pronamespace'),
  named('pg_operator', 'oprnamespace'),
  named('pg_opclass', 'opcnamespace'),
  named('pg_opfamily', 'opfnamespace'),
  named('pg_collation', 'collnamespace'),
  named('pg_conversion', 'connamespace'),
  named('pg_statistic_ext', 'stxnamespace'),
  named('pg_ts_parser', 'prsnamespace'),
  named('pg_ts_dict', 'dictnamespace'),
  named('pg_ts_template', 'tmplnamespace'),
  named('pg_ts_config', 'cfgnamespace'),
  ofRelation('pg_attrdef', 'adrelid', notInherited),
  // Whether a column may be null is the column's to say (contype n, 18).
  ofRelation('pg_constraint', 'conrelid', ` AND x.coninhcount = 0 AND x.contype <> 'n'`),
  {
    catalog: 'pg_constraint',
    rows: `pg_constraint x JOIN pg_type t ON t.oid = x.contypid WHERE ${inOurSchema('t.typnamespace')} AND x.contype <> 'n'`,
  },
  ofRelation('pg_trigger', 'tgrelid'),
  ofRelation('pg_policy', 'polrelid'),
  ofRelation('pg_rewrite', 'ev_class'),
  whole('pg_cast'),
  whole('pg_transform'),
  whole('pg_am'),
  whole('pg_language'),
  whole('pg_event_trigger'),
  whole('pg_publication'),
  whole('pg_foreign_data_wrapper'),
  whole('pg_foreign_server'),
  whole('pg_default_acl'),
  // Options and passwords are in the catalog itself, which not everybody may read.
  { catalog: 'pg_user_mapping', rows: 'pg_user_mappings x', oid: 'x.umid' },
  {
    catalog: 'pg_subscription',
    rows: 'pg_subscription x WHERE x.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
  },
];

/** Objects made by initdb have smaller ones (manual, FirstNormalObjectId in §52's introduction). */
const firstOwnOid = 16384;

/**
 * A query for all entries of ours, one row a catalog, which has tens of thousands of them: `catalog`
 * and `oids`. What an extension owns, system schemas, the schema `schemac` and partitions that a rule
 * manages are left out.
 */
export function sweepQuery(context: IntrospectionContext): string {
  const entries = catalogs.map(
    ({ catalog, rows, oid = 'x.oid' }) => `SELECT ${quoteText(catalog)}::regclass AS catalog, ${oid} AS oid FROM ${rows}`,
  );
  return `
    WITH our_schema AS MATERIALIZED (
      SELECT n.oid FROM pg_namespace n WHERE ${ourSchema}),
    our_relation AS MATERIALIZED (
      SELECT c.oid FROM pg_class c JOIN our_schema s ON s.oid = c.relnamespace
      WHERE ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}
        AND c.oid NOT IN (SELECT i.indexrelid FROM pg_index i WHERE NOT (${notOfExtension('pg_class', 'i.indrelid')} AND ${notManaged(context, 'i.indrelid')}))),
    entry AS (
      ${entries.join('\n      UNION ALL ')})
    SELECT entry.catalog::text AS catalog, json_agg(entry.oid::int8) AS oids FROM entry
    WHERE entry.oid >= ${firstOwnOid} AND NOT EXISTS (
      SELECT FROM pg_depend d WHERE d.classid = entry.catalog AND d.objid = entry.oid AND d.objsubid = 0 AND d.deptype IN ('i', 'P', 'S', 'e'))
    GROUP BY entry.catalog`;
}

/**
 * Comments, which stand for themselves by what they are on, one row a catalog and without their names: all
 * of ours, but an extension's own and those that a partition took over with its columns, constraints and
 * statistics: LIKE … INCLUDING ALL copies them (manual, CREATE TABLE).
 */
export function commentsQuery(context: IntrospectionContext): string {
  return `
    SELECT 'pg_description of ' || d.classoid::regclass AS catalog, d.classoid::int8 AS "on", json_agg(json_build_array(d.objoid::int8, d.objsubid)) AS places
    FROM pg_description d
    LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
    LEFT JOIN pg_statistic_ext s ON d.classoid = 'pg_statistic_ext'::regclass AND s.oid = d.objoid
    LEFT JOIN pg_class c ON c.oid = CASE d.classoid WHEN 'pg_class'::regclass THEN d.objoid ELSE coalesce(k.conrelid, s.stxrelid) END
    WHERE d.objoid >= ${firstOwnOid} AND (c.oid IS NULL OR NOT c.relispartition AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')})
      AND d.classoid <> 'pg_extension'::regclass
      AND (d.classoid, d.objoid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
    GROUP BY d.classoid`;
}

/** Security labels have no oid of their own; a large object is rows, but somebody must say so. */
export const sweptBesides = `
  SELECT 'security label' AS what, l.provider || ' on ' || o.type || ' ' || o.identity AS name, o.schema
    FROM pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) o
  UNION ALL
  SELECT 'large objects', count(*)::text, NULL FROM pg_largeobject_metadata HAVING count(*) > 0`;
