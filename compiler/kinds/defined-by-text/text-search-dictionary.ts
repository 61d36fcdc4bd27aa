/** Text search dictionaries (manual: CREATE TEXT SEARCH DICTIONARY; pg_ts_dict, §52.59). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { textKind } from './factory.ts';

export const textSearchDictionaryKind = textKind({
  kind: 'text-search-dictionary',
  catalog: 'pg_ts_dict',
  query: () => `
    SELECT t.oid::int8 AS oid, json_build_array(n.nspname, t.dictname) AS path,
      json_build_array(format('CREATE TEXT SEARCH DICTIONARY %I.%I (%s)', n.nspname, t.dictname,
        concat_ws(', ', format('TEMPLATE = %I.%I', mn.nspname, m.tmplname), t.dictinitoption))) AS "create"
    FROM pg_ts_dict t JOIN pg_namespace n ON n.oid = t.dictnamespace
    JOIN pg_ts_template m ON m.oid = t.dicttemplate JOIN pg_namespace mn ON mn.oid = m.tmplnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_ts_dict', 't.oid')}`,
});
