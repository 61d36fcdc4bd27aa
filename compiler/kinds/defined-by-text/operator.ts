/**
 * Operators (manual: CREATE OPERATOR; pg_operator, §52.34). One that is only named, as another's
 * commutator, has no function yet and is none.
 */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { functionName, operatorName, option, textKind } from './factory.ts';

const typeName = (column: string): string => `CASE WHEN ${column} <> 0 THEN format_type(${column}, NULL) END`;

const options = [
  option('FUNCTION', functionName('o.oprcode')),
  option('LEFTARG', typeName('o.oprleft')),
  option('RIGHTARG', typeName('o.oprright')),
  option('COMMUTATOR', operatorName('o.oprcom')),
  option('NEGATOR', operatorName('o.oprnegate')),
  option('RESTRICT', functionName('o.oprrest')),
  option('JOIN', functionName('o.oprjoin')),
  `CASE WHEN o.oprcanhash THEN 'HASHES' END`,
  `CASE WHEN o.oprcanmerge THEN 'MERGES' END`,
];

export const operatorKind = textKind({
  kind: 'operator',
  catalog: 'pg_operator',
  query: () => `
    SELECT o.oid::int8 AS oid,
      json_build_array(n.nspname, format('"%s"(%s, %s)', o.oprname, coalesce(${typeName('o.oprleft')}, 'NONE'), coalesce(${typeName('o.oprright')}, 'NONE'))) AS path,
      json_build_array(format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ', ${options.join(', ')}))) AS "create"
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0 AND ${ourSchema} AND ${notOfExtension('pg_operator', 'o.oid')}`,
});
