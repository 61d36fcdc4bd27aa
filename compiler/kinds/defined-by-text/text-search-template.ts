/** Text search templates (manual: CREATE TEXT SEARCH TEMPLATE; pg_ts_template, §52.61). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { functionName, option, textKind } from './factory.ts';

const options = [option('INIT', functionName('t.tmplinit')), option('LEXIZE', functionName('t.tmpllexize'))];

export const textSearchTemplateKind = textKind({
  kind: 'text-search-template',
  catalog: 'pg_ts_template',
  query: () => `
    SELECT t.oid::int8 AS oid, json_build_array(n.nspname, t.tmplname) AS path,
      json_build_array(format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ', ${options.join(', ')}))) AS "create"
    FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE ${ourSchema} AND ${notOfExtension('pg_ts_template', 't.oid')}`,
});
