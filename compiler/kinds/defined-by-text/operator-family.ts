/** Operator families, with what ALTER OPERATOR FAMILY … ADD put into them (manual: CREATE OPERATOR FAMILY). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { memberEntries, memberList } from '../operator-members.ts';
import { textKind } from './factory.ts';

export const operatorFamilyKind = textKind({
  kind: 'operator-family',
  catalog: 'pg_opfamily',
  query: () => `
    SELECT f.oid::int8 AS oid, json_build_array(n.nspname, f.opfname, m.amname) AS path, f.also,
      to_json(array_remove(ARRAY[
        format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname),
        format('ALTER OPERATOR FAMILY %I.%I USING %I ADD ', n.nspname, f.opfname, m.amname) || f.loose], NULL)) AS "create"
    FROM (SELECT own.*, ${memberList('pg_opfamily', 'own.oid', 'own.oid')} AS loose, ${memberEntries('pg_opfamily', 'own.oid', 'own.oid')} AS also
      FROM pg_opfamily own) f
    JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am m ON m.oid = f.opfmethod
    WHERE f.oid >= 16384 AND ${ourSchema} AND ${notOfExtension('pg_opfamily', 'f.oid')}`,
});
