/** Collations (manual: CREATE COLLATION; pg_collation, §52.12). The version that the server saw is its own and is left out. */
import { notOfExtension, ourSchema } from '../catalog.ts';
import type { IntrospectionContext } from '../contract.ts';
import { option, textKind } from './factory.ts';

/** Where the locale stands: colliculocale came with 15, colllocale for every provider with 17. */
function localeOf({ major }: IntrospectionContext): readonly string[] {
  const locale = major >= 17 ? 'k.colllocale' : major >= 15 ? 'k.colliculocale' : `CASE WHEN k.collprovider = 'i' THEN k.collcollate END`;
  return [
    option(
      'locale',
      `CASE WHEN k.collprovider <> 'c' THEN quote_literal(${locale}) WHEN k.collcollate = k.collctype THEN quote_literal(k.collcollate) END`,
    ),
    option('lc_collate', `CASE WHEN k.collprovider = 'c' AND k.collcollate <> k.collctype THEN quote_literal(k.collcollate) END`),
    option('lc_ctype', `CASE WHEN k.collprovider = 'c' AND k.collcollate <> k.collctype THEN quote_literal(k.collctype) END`),
    ...(major >= 16 ? [option('rules', 'quote_literal(k.collicurules)')] : []),
  ];
}

export const collationKind = textKind({
  kind: 'collation',
  catalog: 'pg_collation',
  query: (context) => `
    SELECT k.oid::int8 AS oid, json_build_array(n.nspname, k.collname) AS path,
      json_build_array(format('CREATE COLLATION %I.%I (%s)', n.nspname, k.collname, concat_ws(', ',
        'provider = ' || CASE k.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
        CASE WHEN NOT k.collisdeterministic THEN 'deterministic = false' END, ${localeOf(context).join(', ')}))) AS "create"
    FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_collation', 'k.oid')}`,
});
