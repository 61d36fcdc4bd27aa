/**
 * What the catalogs say of an object beyond its attributes, as queries: an object that has it is
 * handled as if it had not, and whoever reports must say so by name. Nothing here is read into a state.
 */
import { quoteText } from '../sql/quote.ts';
import { columnOptions, ourRelation } from './catalog.ts';
import type { IntrospectionContext } from './contract.ts';

interface Gap {
  /** FROM and WHERE over the relations of ours, `c`, their own columns `a` and those of a parent `above`. */
  readonly rows: string;
  readonly catalog?: string;
  readonly oid?: string;
  readonly sub?: string;
  /** SQL for what is not modelled, in words. */
  readonly why: string;
}

const child = `ours c JOIN pg_inherits h ON h.inhrelid = c.oid JOIN pg_class p ON p.oid = h.inhparent`;
const childColumn = `${child} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_attribute above ON above.attrelid = p.oid AND above.attname = a.attname AND NOT above.attisdropped`;
const isChild = 'a.attinhcount > 0';
const column = { sub: 'a.attnum' };

function childDiffers(words: string, of: (attribute: 'a' | 'above') => string): Gap {
  return {
    ...column,
    rows: `${childColumn} WHERE ${isChild} AND ${of('a')} IS DISTINCT FROM ${of('above')}`,
    why: `'its ${words} is another than its parent''s'`,
  };
}

const gaps: readonly Gap[] = [
  { rows: 'ours c WHERE c.reloftype <> 0', why: `'that it is of type ' || c.reloftype::regtype || ' is left out'` },
  {
    ...column,
    rows: `ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'm' AND (a.attstattarget >= 0 OR ${columnOptions('a')} IS NOT NULL OR a.attstorage <> t.typstorage OR a.attcompression <> '')`,
    why: `format('its settings are left out: statistics %s, storage %s, compression %s, options %s', a.attstattarget, a.attstorage, a.attcompression, ${columnOptions('a')})`,
  },
  {
    ...column,
    rows: `${childColumn} WHERE ${isChild} AND a.attnotnull AND NOT above.attnotnull
      AND NOT EXISTS (SELECT FROM pg_index k WHERE k.indrelid = c.oid AND k.indisprimary AND a.attnum = ANY (k.indkey))`,
    why: `'that it is NOT NULL, though its parent''s is not, is left out'`,
  },
  {
    ...column,
    rows: `${childColumn} WHERE NOT c.relispartition AND a.attislocal`,
    why: `'that it stays when its parent''s is dropped, being declared in both, is left out'`,
  },
  {
    catalog: 'pg_constraint',
    rows: `ours c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c' WHERE k.conislocal AND k.coninhcount > 0`,
    oid: 'k.oid',
    why: `'that it stays when its parent''s is dropped, being declared in both, is left out'`,
  },
  childDiffers('statistics target', (attribute) => `${attribute}.attstattarget`),
  childDiffers('list of attribute options', columnOptions),
  childDiffers('storage', (attribute) => `${attribute}.attstorage`),
  childDiffers('compression', (attribute) => `${attribute}.attcompression`),
  {
    ...column,
    rows: `${childColumn} WHERE ${isChild} AND above.atthasdef AND NOT a.atthasdef`,
    why: `'that it has no default, though its parent''s has one, is left out'`,
  },
  { rows: `${child} WHERE c.relispartition AND c.relpersistence = 'u'`, why: `'that it is unlogged is left out'` },
  {
    rows: `${child} WHERE c.relispartition AND (c.relrowsecurity OR c.relforcerowsecurity)`,
    why: `'its row level security, which counts where it is named itself, is left out'`,
  },
  { rows: `${child} WHERE h.inhdetachpending`, why: `'that it is being detached is left out'` },
  {
    rows: `ours c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relispartition
      AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.oid)
      AND (x.reloptions IS NOT NULL OR x.reltablespace <> 0 OR i.indisclustered OR i.indisreplident)`,
    oid: 'x.oid',
    why: `'what it has beside its parent''s index is left out: options, tablespace, CLUSTER or replica identity'`,
  },
  {
    catalog: 'pg_constraint',
    rows: `ours c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x') JOIN pg_index i ON i.indexrelid = k.conindid WHERE NOT i.indisvalid`,
    oid: 'k.oid',
    why: `'that its index is invalid is left out'`,
  },
];

/** Who sees options in pg_user_mappings: to others they look as if there were none (manual §53.36). */
const seesOptions = `(u.umuser <> 0 AND u.usename = current_user AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(s.oid, 'USAGE'))
  OR u.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE') OR (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user))`;

const optionsOfMappings: Gap = {
  catalog: 'pg_user_mapping',
  oid: 'u.umid',
  rows: `pg_user_mappings u JOIN pg_foreign_server s ON s.oid = u.srvid WHERE u.umoptions IS NOT NULL OR NOT ${seesOptions}`,
  why: `CASE WHEN u.umoptions IS NOT NULL THEN 'its options, which may hold a password, are left out'
    ELSE 'whether it has options the role ' || quote_ident(current_user) || ' may not see' END`,
};

/** One row each: what has it, its name, and what of it is in no attribute. */
export function gapsQuery(context: IntrospectionContext): string {
  const found = [...gaps, optionsOfMappings].map(
    ({ catalog = 'pg_class', oid = 'c.oid', sub = '0', rows, why }) =>
      `SELECT ${quoteText(catalog)}::regclass AS catalog, ${oid} AS oid, ${sub}::int AS sub, ${why} AS why FROM ${rows}`,
  );
  return `
    WITH ours AS MATERIALIZED (
      SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ourRelation(context, `'r', 'p', 'm'`)}),
    gap AS (${found.join('\n      UNION ALL ')})
    SELECT o.type AS what, o.identity AS name, o.schema, gap.why FROM gap, pg_identify_object(gap.catalog, gap.oid, gap.sub) o`;
}
