/** Access methods beside those that PostgreSQL brings (manual: CREATE ACCESS METHOD; pg_am, §52.3). */
import { notOfExtension } from '../catalog.ts';
import { textKind } from './factory.ts';

export const accessMethodKind = textKind({
  kind: 'access-method',
  catalog: 'pg_am',
  query: () => `
    SELECT m.oid::int8 AS oid, json_build_array(m.amname) AS path,
      json_build_array(format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname, CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, m.amhandler::regproc)) AS "create"
    FROM pg_am m WHERE m.oid >= 16384 AND ${notOfExtension('pg_am', 'm.oid')}`,
});
