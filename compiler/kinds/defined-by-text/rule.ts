/** Rules of tables and views, but for the one that makes a view a view (manual: CREATE RULE; pg_rewrite, §52.45). */
import { ourRelation } from '../catalog.ts';
import { textKind } from './factory.ts';

export const ruleKind = textKind({
  kind: 'rule',
  catalog: 'pg_rewrite',
  entries: { catalog: 'pg_rewrite', where: `rulename <> '_RETURN'` },
  query: (context) => `
    SELECT r.oid::int8 AS oid, c.oid::int8 AS relation, json_build_array(n.nspname, c.relname, r.rulename) AS path,
      to_json(array_remove(ARRAY[
        regexp_replace(pg_get_ruledef(r.oid), ';$', ''),
        CASE r.ev_enabled WHEN 'O' THEN NULL ELSE format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname,
          CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename) END], NULL)) AS "create"
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND ${ourRelation(context, `'r', 'p', 'v', 'm'`)}`,
});
