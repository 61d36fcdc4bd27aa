/**
 * The operators and support functions of an operator class, or those that a family has by itself
 * (pg_amop, pg_amproc; whose they are is told by pg_depend). No kind is named here.
 */

function belongs(member: string, catalog: string, owner: string): string {
  return `EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${member}'::regclass AND d.objid = m.oid AND d.refclassid = '${catalog}'::regclass AND d.refobjid = ${owner} AND d.deptype IN ('a', 'i'))`;
}

/** The owner is a row of `catalog`; `family` is the oid of its family, in which all members are. */
function members(
  catalog: 'pg_opclass' | 'pg_opfamily',
  owner: string,
  family: string,
): { readonly operators: string; readonly functions: string } {
  // What a class has is its family's too, in pg_depend through the class alone.
  return {
    operators: `FROM pg_amop m WHERE m.amopfamily = ${family} AND ${belongs('pg_amop', catalog, owner)}`,
    functions: `FROM pg_amproc m WHERE m.amprocfamily = ${family} AND ${belongs('pg_amproc', catalog, owner)}`,
  };
}

/** SQL of `OPERATOR 1 <(integer,bigint), FUNCTION 1 (integer, bigint) …`, null where there is none. */
export function memberList(catalog: 'pg_opclass' | 'pg_opfamily', owner: string, family: string): string {
  const { operators, functions } = members(catalog, owner, family);
  const sortFamily = `(SELECT format(' FOR ORDER BY %I.%I', fn.nspname, f.opfname) FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = m.amopsortfamily)`;
  return `(SELECT string_agg(text, ', ' ORDER BY sort, number, text COLLATE "C") FROM (
    SELECT 1 AS sort, m.amopstrategy AS number, format('OPERATOR %s %s', m.amopstrategy, m.amopopr::regoperator) || coalesce(${sortFamily}, '') AS text ${operators}
    UNION ALL
    SELECT 2, m.amprocnum, format('FUNCTION %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL), m.amproc::regprocedure) ${functions}
  ) member)`;
}

/** SQL of the members' own catalog entries, so that what they need is needed by their owner. */
export function memberEntries(catalog: 'pg_opclass' | 'pg_opfamily', owner: string, family: string): string {
  const { operators, functions } = members(catalog, owner, family);
  return `(SELECT json_agg(json_build_array(entry.catalog, entry.oid)) FROM (
    SELECT 'pg_amop' AS catalog, m.oid::int8 AS oid ${operators} UNION ALL SELECT 'pg_amproc', m.oid::int8 ${functions}) entry)`;
}
