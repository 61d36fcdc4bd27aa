/**
 * Reads functions and procedures from pg_proc (manual §52.39) into the attributes that both have.
 * What the server made by itself, as the constructors of a range type, is not read. No kind is named.
 */
import { quoteText } from '../sql/quote.ts';
import { flagOf, notOfExtension, numberOf, optional, optionalText, ourSchema, textOf, textsOf } from './catalog.ts';
import type { CatalogEntries, CatalogIdentity, CatalogRow } from './contract.ts';
import { inputTypes, type ArgumentMode, type RoutineArgument, type RoutineAttributes } from './routine.ts';
import { signature } from '../model/address.ts';

const modes: { readonly [code: string]: ArgumentMode } = { i: 'in', o: 'out', b: 'inout', v: 'variadic' };

/**
 * `kinds` are values of prokind. Argument types are printed without modifiers, since PostgreSQL keeps
 * none; the columns of RETURNS TABLE (mode t) are part of the result.
 */
/** Those of the schema `schemac` are none that a kind reads. */
export function routineEntries(kinds: readonly ('f' | 'w' | 'p')[]): CatalogEntries {
  const list = kinds.map((kind) => `'${kind}'`).join(', ');
  return { catalog: 'pg_proc', where: `prokind IN (${list}) AND pronamespace IS DISTINCT FROM to_regnamespace('schemac')` };
}

export function routineQuery(kinds: readonly ('f' | 'w' | 'p')[]): string {
  return `
    SELECT p.oid::int8 AS oid, n.nspname AS schema, p.proname AS name, p.prokind::text AS kind, l.lanname AS language,
      (SELECT coalesce(json_agg(json_build_object(
           'type', format_type(a.type, NULL), 'name', nullif(p.proargnames[a.place], ''),
           'mode', coalesce(p.proargmodes[a.place]::text, 'i'), 'default', pg_get_function_arg_default(p.oid, a.place::int)) ORDER BY a.place), '[]'::json)
         FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, place)
         WHERE p.proargmodes[a.place] IS DISTINCT FROM 't') AS arguments,
      (SELECT json_agg(json_build_object('name', p.proargnames[a.place], 'type', format_type(a.type, NULL)) ORDER BY a.place)
         FROM unnest(p.proallargtypes) WITH ORDINALITY a(type, place) WHERE p.proargmodes[a.place] = 't') AS columns,
      CASE WHEN p.prokind <> 'p' THEN pg_get_function_result(p.oid) END AS returns,
      p.prosrc AS source, p.probin AS library, pg_get_function_sqlbody(p.oid) AS standard_body,
      p.provolatile::text AS volatility, p.proisstrict AS strict, p.prosecdef AS security_definer, p.proleakproof AS leakproof,
      p.proparallel::text AS parallel, p.proretset AS returns_set, p.procost AS cost, p.prorows AS rows,
      CASE WHEN p.prosupport <> 0 THEN p.prosupport::regproc::text END AS support, to_json(p.proconfig) AS settings,
      (SELECT json_agg(format_type(t.type, NULL) ORDER BY t.place) FROM unnest(p.protrftypes) WITH ORDINALITY t(type, place)) AS transforms
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE p.prokind IN (${kinds.map(quoteText).join(', ')}) AND ${ourSchema} AND ${notOfExtension('pg_proc', 'p.oid')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;
}

interface ArgumentRow {
  readonly type: string;
  readonly name: string | null;
  readonly mode: string;
  readonly default: string | null;
}

function argumentsOf(row: CatalogRow): readonly RoutineArgument[] {
  return (row['arguments'] as readonly ArgumentRow[]).map(({ type, name, mode, default: fallback }) => ({
    mode: modes[mode] ?? 'in',
    type,
    ...optional('name', name ?? undefined),
    ...optional('default', fallback ?? undefined),
  }));
}

/** In the order of the catalog, which is that of the SET clauses; it means nothing, but dumps show it. */
function settingsOf(row: CatalogRow): { readonly [name: string]: string } {
  const pairs = textsOf(row, 'settings').map((entry): [string, string] => {
    const split = entry.indexOf('=');
    return [entry.slice(0, split), entry.slice(split + 1)];
  });
  return Object.fromEntries(pairs);
}

/** Schema and signature. */
export function routinePath(row: CatalogRow): readonly string[] {
  return [textOf(row, 'schema'), signature(textOf(row, 'name'), inputTypes(argumentsOf(row)))];
}

export function routineIdentities(row: CatalogRow): readonly CatalogIdentity[] {
  return [{ catalog: 'pg_proc', oid: numberOf(row, 'oid') }];
}

export function routineAttributes(row: CatalogRow): RoutineAttributes {
  const standard = optionalText(row, 'standard_body');
  return {
    arguments: argumentsOf(row),
    language: textOf(row, 'language'),
    body: standard ?? textOf(row, 'source'),
    bodyForm: standard === undefined ? 'text' : 'standard',
    ...optional('library', optionalText(row, 'library')),
    securityDefiner: flagOf(row, 'security_definer'),
    settings: settingsOf(row),
    transforms: textsOf(row, 'transforms'),
  };
}
