/**
 * Partitions that differ from their table where they should not: an index that is missing or not valid,
 * storage parameters, row security, privileges.
 */
import type { Connection } from '../migrate/connection.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import type { Rule } from './rules.ts';

function listed(rows: readonly (readonly (string | null)[])[]): string {
  const some = rows.slice(0, 3).map(([relation, what]) => `${relation ?? ''} (${what ?? ''})`);
  return some.join(', ') + (rows.length > 3 ? ` and ${String(rows.length - 3)} more` : '');
}

/** An index of the table is valid once every partition has its part of it (rule book I6). */
export async function indexFindings(connection: Connection, rule: Rule): Promise<readonly Diagnostic[]> {
  const rows = await connection.rows(
    `SELECT i.inhrelid::regclass, pi.indexrelid::regclass FROM pg_catalog.pg_partition_tree(${quoteText(rule.table)}::regclass) t
     JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.relid JOIN pg_catalog.pg_index pi ON pi.indrelid = i.inhparent
     LEFT JOIN (pg_catalog.pg_inherits h JOIN pg_catalog.pg_index ci ON ci.indexrelid = h.inhrelid) ON h.inhparent = pi.indexrelid AND ci.indrelid = i.inhrelid
     WHERE t.level > 0 AND NOT i.inhdetachpending AND (ci.indexrelid IS NULL OR NOT ci.indisvalid) ORDER BY 1, 2`,
  );
  if (rows.length === 0) return [];
  return [
    {
      code: 'partition-index',
      severity: 'warning',
      message: `partitions of ${rule.table} lack a valid part of an index: ${listed(rows)}`,
      hint: 'a migration that builds it was stopped: run npx schemac migrate again, or build it in the partition and ALTER INDEX … ATTACH PARTITION',
    },
  ];
}

/** reloptions of the table and of its TOAST table, the latter as \`toast.name\`, as one sorted text. */
const options = (oid: string): string => `(
  SELECT coalesce(pg_catalog.string_agg(setting, ', ' ORDER BY setting COLLATE "C"), '') FROM (
    SELECT unnest(own.reloptions) FROM pg_catalog.pg_class own WHERE own.oid = ${oid}
    UNION ALL SELECT 'toast.' || unnest(t.reloptions) FROM pg_catalog.pg_class own JOIN pg_catalog.pg_class t ON t.oid = own.reltoastrelid WHERE own.oid = ${oid}) said(setting))`;

const wanted = (table: string): string => `(
  SELECT coalesce(pg_catalog.string_agg(name || '=' || value, ', ' ORDER BY name || '=' || value COLLATE "C"), '')
  FROM schemac.partition_rule r, pg_catalog.jsonb_each_text(r.template) t(name, value) WHERE r.parent = ${table})`;

/** Who may do what, the owner aside. */
const grants = (oid: string): string => `(
  SELECT coalesce(pg_catalog.string_agg(a.grantee || ' ' || a.privilege_type || a.is_grantable, ', ' ORDER BY a.grantee, a.privilege_type), '')
  FROM pg_catalog.pg_class own CROSS JOIN pg_catalog.aclexplode(own.relacl) a WHERE own.oid = ${oid} AND a.grantee <> own.relowner)`;

export async function settingFindings(connection: Connection, rule: Rule): Promise<readonly Diagnostic[]> {
  const table = quoteText(rule.table);
  const rows = await connection.rows(
    `SELECT c.oid::regclass, pg_catalog.concat_ws(', ',
        CASE WHEN c.relkind = 'r' AND ${options('c.oid')} <> wanted.options THEN 'storage parameters: ' || coalesce(nullif(${options('c.oid')}, ''), 'none') END,
        CASE WHEN (c.relrowsecurity, c.relforcerowsecurity) <> (p.relrowsecurity, p.relforcerowsecurity) THEN 'row security' END,
        CASE WHEN c.relowner <> p.relowner THEN 'owner' END,
        CASE WHEN ${grants('c.oid')} <> ${grants('p.oid')} THEN 'privileges' END) AS what
     FROM pg_catalog.pg_partition_tree(${table}::regclass) t JOIN pg_catalog.pg_class c ON c.oid = t.relid JOIN pg_catalog.pg_class p ON p.oid = ${table}::regclass
     CROSS JOIN (SELECT ${wanted(table)}) wanted(options)
     WHERE t.level > 0 ORDER BY 1`,
  );
  const found = rows.filter(([, what]) => what !== null && what !== '');
  if (found.length === 0) return [];
  return [
    {
      code: 'partition-settings',
      severity: 'notice',
      message: `partitions of ${rule.table} are not set as new ones would be: ${listed(found)}`,
      hint: 'new partitions get the settings of the table and the template; set those of the old ones by hand, or leave them until they are retired',
    },
  ];
}
