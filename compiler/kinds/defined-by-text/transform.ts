/** Transforms of a type for a language (manual: CREATE TRANSFORM; pg_transform, §52.54). */
import { notOfExtension } from '../catalog.ts';
import { textKind } from './factory.ts';

export const transformKind = textKind({
  kind: 'transform',
  catalog: 'pg_transform',
  query: () => `
    SELECT t.oid::int8 AS oid, json_build_array(format_type(t.trftype, NULL), l.lanname) AS path,
      json_build_array(format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname, concat_ws(', ',
        CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
        CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END))) AS "create"
    FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE ${notOfExtension('pg_transform', 't.oid')}`,
});
