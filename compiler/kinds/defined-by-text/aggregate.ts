/** Aggregates, with everything that CREATE AGGREGATE can say (manual: CREATE AGGREGATE; pg_aggregate, §52.1). */
import { notOfExtension, ourSchema } from '../catalog.ts';
import { functionName, operatorName, option, textKind } from './factory.ts';

/** What READ_ONLY, SHAREABLE and READ_WRITE are in the catalog; which one is usual depends on the sort of aggregate. */
function modify(name: string, column: string): string {
  const usual = `CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END`;
  const word = `CASE ${column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END`;
  return option(name, `CASE WHEN ${column} <> ${usual} THEN ${word} END`);
}

const options = [
  option('SFUNC', functionName('a.aggtransfn')),
  option('STYPE', 'format_type(a.aggtranstype, NULL)'),
  option('SSPACE', 'nullif(a.aggtransspace, 0)'),
  option('FINALFUNC', functionName('a.aggfinalfn')),
  `CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END`,
  `CASE WHEN a.aggfinalfn <> 0 THEN ${modify('FINALFUNC_MODIFY', 'a.aggfinalmodify')} END`,
  option('COMBINEFUNC', functionName('a.aggcombinefn')),
  option('SERIALFUNC', functionName('a.aggserialfn')),
  option('DESERIALFUNC', functionName('a.aggdeserialfn')),
  option('INITCOND', 'quote_literal(a.agginitval)'),
  option('MSFUNC', functionName('a.aggmtransfn')),
  option('MINVFUNC', functionName('a.aggminvtransfn')),
  option('MSTYPE', `CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END`),
  option('MSSPACE', 'nullif(a.aggmtransspace, 0)'),
  option('MFINALFUNC', functionName('a.aggmfinalfn')),
  `CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END`,
  `CASE WHEN a.aggmfinalfn <> 0 THEN ${modify('MFINALFUNC_MODIFY', 'a.aggmfinalmodify')} END`,
  option('MINITCOND', 'quote_literal(a.aggminitval)'),
  option('SORTOP', operatorName('a.aggsortop')),
  `CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END`,
  `CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END`,
];

/** The signature holds plain types: all that tells one from another of its name. */
export const aggregateKind = textKind({
  kind: 'aggregate',
  catalog: 'pg_proc',
  entries: { catalog: 'pg_proc', where: `prokind = 'a'` },
  query: () => `
    SELECT p.oid::int8 AS oid,
      json_build_array(n.nspname, quote_ident(p.proname) || '(' || coalesce((SELECT string_agg(format_type(t.type, NULL), ', ' ORDER BY t.place)
        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t(type, place)), '') || ')') AS path,
      json_build_array(format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname,
        coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), concat_ws(', ', ${options.join(', ')}))) AS "create"
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_proc', 'p.oid')}`,
});
