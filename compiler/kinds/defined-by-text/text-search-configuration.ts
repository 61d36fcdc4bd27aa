/**
 * Text search configurations with their mappings (manual: CREATE TEXT SEARCH CONFIGURATION;
 * pg_ts_config and pg_ts_config_map, §52.57). A parser says what its tokens are called.
 */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { textKind } from './factory.ts';

const mappings = `(SELECT array_agg(format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, t.cfgname, token.alias, token.dictionaries) ORDER BY token.tokid)
  FROM (SELECT k.tokid, k.alias, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno) AS dictionaries
    FROM pg_ts_config_map m JOIN ts_token_type(t.cfgparser) k ON k.tokid = m.maptokentype
    JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
    WHERE m.mapcfg = t.oid GROUP BY k.tokid, k.alias) token)`;

export const textSearchConfigurationKind = textKind({
  kind: 'text-search-configuration',
  catalog: 'pg_ts_config',
  query: () => `
    SELECT t.oid::int8 AS oid, json_build_array(n.nspname, t.cfgname) AS path,
      to_json(ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, t.cfgname, pn.nspname, p.prsname)] || coalesce(${mappings}, '{}')) AS "create"
    FROM pg_ts_config t JOIN pg_namespace n ON n.oid = t.cfgnamespace
    JOIN pg_ts_parser p ON p.oid = t.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_ts_config', 't.oid')}`,
});
