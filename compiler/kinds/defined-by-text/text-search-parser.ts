/** Text search parsers (manual: CREATE TEXT SEARCH PARSER; pg_ts_parser, §52.60). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { functionName, option, textKind } from './factory.ts';

const options = [
  option('START', functionName('t.prsstart')),
  option('GETTOKEN', functionName('t.prstoken')),
  option('END', functionName('t.prsend')),
  option('HEADLINE', functionName('t.prsheadline')),
  option('LEXTYPES', functionName('t.prslextype')),
];

export const textSearchParserKind = textKind({
  kind: 'text-search-parser',
  catalog: 'pg_ts_parser',
  query: () => `
    SELECT t.oid::int8 AS oid, json_build_array(n.nspname, t.prsname) AS path,
      json_build_array(format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, t.prsname, concat_ws(', ', ${options.join(', ')}))) AS "create"
    FROM pg_ts_parser t JOIN pg_namespace n ON n.oid = t.prsnamespace WHERE ${ourSchema} AND ${notOfExtension('pg_ts_parser', 't.oid')}`,
});
