/**
 * Foreign tables with their columns, defaults and checks in one text (manual: CREATE FOREIGN TABLE;
 * pg_foreign_table, §52.24). Its rows are elsewhere, so that making it again loses none.
 */
import { notOfExtension, ourSchema } from '../catalog.ts';
import type { IntrospectionContext } from '../contract.ts';
import { optionsClause, textKind } from './factory.ts';

const column = `concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod), ${optionsClause('a.attfdwoptions')},
  CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END,
  CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
    WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(d.adbin, d.adrelid))
    WHEN d.oid IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
  CASE WHEN a.attnotnull THEN ' NOT NULL' END)`;

/** What a partition of a table has from it is not repeated. */
function parts({ major }: IntrospectionContext): string {
  const notValid =
    major >= 18
      ? `CASE WHEN k.convalidated OR NOT k.conenforced THEN '' ELSE ' NOT VALID' END`
      : `CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END`;
  return `concat_ws(E',\\n  ',
    (SELECT string_agg(${column}, E',\\n  ' ORDER BY a.attnum) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0),
    (SELECT string_agg(format('CONSTRAINT %I %s', k.conname, regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')), E',\\n  ' ORDER BY k.conname COLLATE "C")
       FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.coninhcount = 0 AND ${notValid} = ''))`;
}

const parents = `(SELECT string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY h.inhseqno)
  FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid)`;

function createSql(context: IntrospectionContext): string {
  const tail = `format('SERVER %I%s', s.srvname, ${optionsClause('f.ftoptions')})`;
  return `CASE WHEN c.relispartition
    THEN format('CREATE FOREIGN TABLE %I.%I PARTITION OF %s %s %s', n.nspname, c.relname, ${parents}, pg_get_expr(c.relpartbound, c.oid), ${tail})
    ELSE format(E'CREATE FOREIGN TABLE %I.%I (\\n  %s\\n)%s %s', n.nspname, c.relname, ${parts(context)}, coalesce(' INHERITS (' || ${parents} || ')', ''), ${tail}) END`;
}

/** Checks that values there already were not looked at for cannot be written in CREATE FOREIGN TABLE. */
const notValidChecks = `(SELECT array_agg(format('ALTER FOREIGN TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) ORDER BY k.conname COLLATE "C")
  FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.coninhcount = 0 AND pg_get_constraintdef(k.oid) ~ ' NOT VALID$')`;

const also = `(SELECT json_agg(json_build_array(entry.catalog, entry.oid)) FROM (
  SELECT 'pg_type' AS catalog, c.reltype::int8 AS oid
  UNION ALL SELECT 'pg_attrdef', d.oid::int8 FROM pg_attrdef d WHERE d.adrelid = c.oid
  UNION ALL SELECT 'pg_constraint', k.oid::int8 FROM pg_constraint k WHERE k.conrelid = c.oid) entry)`;

export const foreignTableKind = textKind({
  kind: 'foreign-table',
  catalog: 'pg_class',
  entries: { catalog: 'pg_class', where: `relkind = 'f'` },
  query: (context) => `
    SELECT c.oid::int8 AS oid, json_build_array(n.nspname, c.relname) AS path, ${also} AS also,
      to_json(ARRAY[${createSql(context)}] || coalesce(${notValidChecks}, '{}')) AS "create"
    FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_foreign_server s ON s.oid = f.ftserver
    WHERE ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')}`,
});
