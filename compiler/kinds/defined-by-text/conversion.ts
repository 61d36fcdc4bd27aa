/** Conversions between encodings (manual: CREATE CONVERSION; pg_conversion, §52.14). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { textKind } from './factory.ts';

export const conversionKind = textKind({
  kind: 'conversion',
  catalog: 'pg_conversion',
  query: () => `
    SELECT v.oid::int8 AS oid, json_build_array(n.nspname, v.conname) AS path,
      json_build_array(format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN v.condefault THEN 'DEFAULT ' ELSE '' END, n.nspname, v.conname,
        pg_encoding_to_char(v.conforencoding), pg_encoding_to_char(v.contoencoding), v.conproc::regproc)) AS "create"
    FROM pg_conversion v JOIN pg_namespace n ON n.oid = v.connamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_conversion', 'v.oid')}`,
});
