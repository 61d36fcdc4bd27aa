/**
 * The query that reads privileges: every ACL, exploded, against what PostgreSQL gives by itself
 * (acldefault; manual §9.26, table 9.71). Who granted is left out: what a role passed on by its grant
 * option reads like what the owner gave, and our REVOKE, made by the owner, does not take it away.
 */

import { quoteText } from '../../sql/quote.ts';

interface AclSource {
  readonly catalog: string;
  readonly acl: string;
  readonly owner: string;
  /** acldefault's letter for the type of object, as SQL. */
  readonly letter: string;
}

/** One line for each catalog that has an ACL. */
const sources: readonly AclSource[] = [
  { catalog: 'pg_class', acl: 'relacl', owner: 'relowner', letter: `CASE relkind WHEN 'S' THEN 's' ELSE 'r' END` },
  { catalog: 'pg_namespace', acl: 'nspacl', owner: 'nspowner', letter: `'n'` },
  { catalog: 'pg_proc', acl: 'proacl', owner: 'proowner', letter: `'f'` },
  { catalog: 'pg_type', acl: 'typacl', owner: 'typowner', letter: `'T'` },
];

/** An ACL that is NULL is the default: nothing to tell. Objects of initdb's making are not ours, but for the schema public. */
const ofSource = ({ catalog, acl, owner, letter }: AclSource): string => `
  SELECT ${quoteText(catalog)} AS catalog, oid, NULL::name AS column_name, ${owner} AS owner, ${acl} AS acl, acldefault((${letter})::"char", ${owner}) AS standard
  FROM ${catalog} WHERE ${acl} IS NOT NULL AND oid >= 16384`;

/** Since 15 initdb lets nobody but the database's owner create in public (release notes of 15). */
const publicSchema = (major: number): string => `
  SELECT 'pg_namespace', oid, NULL, nspowner, coalesce(nspacl, acldefault('n', nspowner)),
    acldefault('n', nspowner) || makeaclitem(0, nspowner, 'USAGE', false)${major < 15 ? ` || makeaclitem(0, nspowner, 'CREATE', false)` : ''}
  FROM pg_namespace WHERE nspname = 'public'`;

/** Privileges on columns have no default; the owner's are part of what it has on the table. */
const columns = `
  SELECT 'pg_class', a.attrelid, a.attname, c.relowner, a.attacl, NULL::aclitem[]
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND a.attrelid >= 16384`;

/** One row for each object and grantee: what it has beyond the default, and what of the default it has not. */
export function grantQuery(major: number): string {
  return `
    WITH entry AS (${[...sources.map(ofSource), publicSchema(major), columns].join(' UNION ALL ')}),
    given AS (
      SELECT e.catalog, e.oid, e.column_name, e.owner, x.grantee, lower(x.privilege_type) AS privilege, bool_or(x.is_grantable) AS grantable
      FROM entry e, aclexplode(e.acl) x GROUP BY 1, 2, 3, 4, 5, 6
    ),
    standard AS (
      SELECT DISTINCT e.catalog, e.oid, e.owner, x.grantee, lower(x.privilege_type) AS privilege FROM entry e, aclexplode(e.standard) x
    ),
    difference AS (
      SELECT g.catalog, g.oid, g.owner, g.grantee, g.privilege, g.column_name, g.grantable, false AS revoked
      FROM given g LEFT JOIN standard s USING (catalog, oid, grantee, privilege)
      WHERE g.grantee <> g.owner AND (s.privilege IS NULL OR g.column_name IS NOT NULL)
      UNION ALL
      SELECT s.catalog, s.oid, s.owner, s.grantee, s.privilege, NULL, false, true
      FROM standard s LEFT JOIN (SELECT * FROM given WHERE column_name IS NULL) g USING (catalog, oid, grantee, privilege)
      WHERE g.privilege IS NULL
    )
    SELECT d.catalog, d.oid::int8 AS oid, d.grantee = 0 AS is_public, d.grantee = d.owner AS is_owner, r.rolname AS role,
      d.catalog = 'pg_namespace' AND d.oid = 'public'::regnamespace AS is_public_schema,
      json_agg(json_build_object('privilege', d.privilege, 'column', d.column_name, 'grantable', d.grantable)) FILTER (WHERE NOT d.revoked) AS privileges,
      json_agg(d.privilege ORDER BY d.privilege) FILTER (WHERE d.revoked) AS revoked
    FROM difference d LEFT JOIN pg_roles r ON r.oid = d.grantee
    GROUP BY 1, 2, 3, 4, 5, 6`;
}
