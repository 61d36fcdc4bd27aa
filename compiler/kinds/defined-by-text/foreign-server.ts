/** Foreign servers (manual: CREATE SERVER; pg_foreign_server, §52.23). */
import { notOfExtension } from '../catalog.ts';
import { optionsClause, textKind } from './factory.ts';

export const foreignServerKind = textKind({
  kind: 'foreign-server',
  catalog: 'pg_foreign_server',
  query: () => `
    SELECT s.oid::int8 AS oid, json_build_array(s.srvname) AS path,
      json_build_array(format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, coalesce(' TYPE ' || quote_literal(s.srvtype), ''),
        coalesce(' VERSION ' || quote_literal(s.srvversion), ''), w.fdwname, ${optionsClause('s.srvoptions')})) AS "create"
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE ${notOfExtension('pg_foreign_server', 's.oid')}`,
});
