/** Procedural languages that came without an extension (manual: CREATE LANGUAGE; pg_language, §52.29). */
import { notOfExtension } from '../catalog.ts';
import { textKind } from './factory.ts';

export const languageKind = textKind({
  kind: 'language',
  catalog: 'pg_language',
  query: () => `
    SELECT l.oid::int8 AS oid, json_build_array(l.lanname) AS path,
      json_build_array(format('CREATE %sLANGUAGE %I HANDLER %s%s%s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname, l.lanplcallfoid::regproc,
        CASE WHEN l.laninline = 0 THEN '' ELSE ' INLINE ' || l.laninline::regproc END,
        CASE WHEN l.lanvalidator = 0 THEN '' ELSE ' VALIDATOR ' || l.lanvalidator::regproc END)) AS "create"
    FROM pg_language l WHERE l.lanispl AND l.oid >= 16384 AND ${notOfExtension('pg_language', 'l.oid')}`,
});
