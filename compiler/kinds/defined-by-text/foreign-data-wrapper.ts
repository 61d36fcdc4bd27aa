/** Foreign-data wrappers (manual: CREATE FOREIGN DATA WRAPPER; pg_foreign_data_wrapper, §52.22). */
import { notOfExtension } from '../catalog.ts';
import { optionsClause, textKind } from './factory.ts';

export const foreignDataWrapperKind = textKind({
  kind: 'foreign-data-wrapper',
  catalog: 'pg_foreign_data_wrapper',
  query: () => `
    SELECT w.oid::int8 AS oid, json_build_array(w.fdwname) AS path,
      json_build_array(format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname,
        CASE WHEN w.fdwhandler = 0 THEN '' ELSE ' HANDLER ' || w.fdwhandler::regproc END,
        CASE WHEN w.fdwvalidator = 0 THEN '' ELSE ' VALIDATOR ' || w.fdwvalidator::regproc END, ${optionsClause('w.fdwoptions')})) AS "create"
    FROM pg_foreign_data_wrapper w WHERE ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}`,
});
