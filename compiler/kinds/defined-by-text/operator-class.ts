/** Operator classes in their families (manual: CREATE OPERATOR CLASS; pg_opclass, §52.33). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { memberEntries, memberList } from '../operator-members.ts';
import { textKind } from './factory.ts';

/** A class must have something in it; one without members has a STORAGE that says nothing. */
const content = `concat_ws(', ', CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL)
  WHEN c.members IS NULL THEN 'STORAGE ' || format_type(c.opcintype, NULL) END, c.members)`;

export const operatorClassKind = textKind({
  kind: 'operator-class',
  catalog: 'pg_opclass',
  query: () => `
    SELECT c.oid::int8 AS oid, json_build_array(n.nspname, c.opcname, m.amname) AS path, c.also,
      json_build_array(format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s', n.nspname, c.opcname,
        CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname, ${content})) AS "create"
    FROM (SELECT own.*, ${memberList('pg_opclass', 'own.oid', 'own.opcfamily')} AS members, ${memberEntries('pg_opclass', 'own.oid', 'own.opcfamily')} AS also
      FROM pg_opclass own WHERE own.oid >= 16384) c
    JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am m ON m.oid = c.opcmethod
    JOIN pg_opfamily f ON f.oid = c.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_opclass', 'c.oid')}`,
});
