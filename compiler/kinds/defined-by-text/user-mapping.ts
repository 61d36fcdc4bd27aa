/**
 * User mappings without their options, which hold passwords and are read by nobody (manual: CREATE
 * USER MAPPING; the view pg_user_mappings, §53.36). One that is made again has to be given them again.
 */
import { hazard } from '../statements.ts';
import { textKind } from './factory.ts';

export const userMappingKind = textKind({
  kind: 'user-mapping',
  catalog: 'pg_user_mapping',
  // Whoever is no superuser may not read that catalog; a mapping is of a server.
  entries: { catalog: 'pg_foreign_server' },
  query: () => `
    SELECT u.umid::int8 AS oid, json_build_array(u.srvname, u.usename) AS path,
      json_build_array(format('CREATE USER MAPPING FOR %s SERVER %I', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname)) AS "create"
    FROM pg_user_mappings u`,
  dropHazards: (mapping) => [hazard('authorization', mapping.id, 'its options, such as a password, are gone and known to nobody')],
});
