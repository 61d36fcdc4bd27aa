/** Casts between types (manual: CREATE CAST; pg_cast, §52.10). Those of a range to its multirange type belong to the range. */
import { notOfExtension } from '../catalog.ts';
import { textKind } from './factory.ts';

export const castKind = textKind({
  kind: 'cast',
  catalog: 'pg_cast',
  query: () => `
    SELECT c.oid::int8 AS oid, json_build_array(format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS path,
      json_build_array(format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
        CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
        CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)) AS "create"
    FROM pg_cast c
    WHERE c.oid >= 16384 AND ${notOfExtension('pg_cast', 'c.oid')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')`,
});
