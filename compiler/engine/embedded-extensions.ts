/**
 * The extensions that travel with PGlite, and the module each is imported from. A list and nothing
 * else: it must load without PGlite.
 */

/** Extension name as in CREATE EXTENSION, where its PGlite module is called otherwise. */
const moduleNames: Readonly<Record<string, string>> = { 'uuid-ossp': 'uuid_ossp' };

/** What must be loaded too because its library or its SQL needs it. */
const companions: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] };

const names: readonly string[] = [
  'amcheck',
  'bloom',
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dict_int',
  'dict_xsyn',
  'earthdistance',
  'file_fdw',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'lo',
  'ltree',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_stat_statements',
  'pg_surgery',
  'pg_trgm',
  'pg_visibility',
  'pg_walinspect',
  'pgcrypto',
  'seg',
  'tablefunc',
  'tcn',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
  'uuid-ossp',
];

/** Names of the extensions that the embedded engine can load, beside plpgsql which it always has. */
export function embeddedExtensions(): readonly string[] {
  return names;
}

/** The known ones among those asked for and what they need, each once, in a fixed order. */
export function loadableExtensions(asked: readonly string[]): readonly string[] {
  const wanted = new Set(asked.flatMap((name) => [name, ...(companions[name] ?? [])]));
  return names.filter((name) => wanted.has(name));
}

/** The name of an extension's module under `@electric-sql/pglite/contrib/`, and of its export. */
export function extensionModule(name: string): string {
  return moduleNames[name] ?? name;
}
