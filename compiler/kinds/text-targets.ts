/**
 * What DROP, ALTER and COMMENT ON call an object that is carried as text, made of its path. Comments
 * need it as well as the kinds themselves, so it stands apart from them.
 */
import { signatureName, signatureTypes } from '../model/address.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';

type Target = (path: readonly string[]) => string;

const plain =
  (words: string): Target =>
  (path) =>
    `${words} ${qualifiedName(path)}`;

const first = (path: readonly string[]): string => quoteName(path[0] ?? '');

/** An aggregate without arguments is called with a star. */
function aggregateTarget([schema = '', part = '']: readonly string[]): string {
  return `AGGREGATE ${qualifiedName([schema, signatureName(part) ?? part])}(${signatureTypes(part) || '*'})`;
}

function operatorTarget([schema = '', part = '']: readonly string[]): string {
  return `OPERATOR ${quoteName(schema)}.${signatureName(part) ?? part} (${signatureTypes(part)})`;
}

const ofMethod =
  (words: string): Target =>
  (path) =>
    `${words} ${qualifiedName(path.slice(0, 2))} USING ${quoteName(path[2] ?? '')}`;

/** By kind. Types stand in paths as PostgreSQL prints them. */
export const textTargets = {
  aggregate: aggregateTarget,
  operator: operatorTarget,
  'operator-family': ofMethod('OPERATOR FAMILY'),
  'operator-class': ofMethod('OPERATOR CLASS'),
  cast: ([source = '', target = '']: readonly string[]) => `CAST (${source} AS ${target})`,
  collation: plain('COLLATION'),
  conversion: plain('CONVERSION'),
  'event-trigger': plain('EVENT TRIGGER'),
  rule: (path: readonly string[]) => `RULE ${quoteName(path[2] ?? '')} ON ${qualifiedName(path.slice(0, 2))}`,
  'foreign-data-wrapper': plain('FOREIGN DATA WRAPPER'),
  'foreign-server': plain('SERVER'),
  'user-mapping': (path: readonly string[]) =>
    `USER MAPPING FOR ${path[1] === 'public' ? 'PUBLIC' : quoteName(path[1] ?? '')} SERVER ${first(path)}`,
  'foreign-table': plain('FOREIGN TABLE'),
  'text-search-parser': plain('TEXT SEARCH PARSER'),
  'text-search-template': plain('TEXT SEARCH TEMPLATE'),
  'text-search-dictionary': plain('TEXT SEARCH DICTIONARY'),
  'text-search-configuration': plain('TEXT SEARCH CONFIGURATION'),
  transform: (path: readonly string[]) => `TRANSFORM FOR ${path[0] ?? ''} LANGUAGE ${quoteName(path[1] ?? '')}`,
  'access-method': plain('ACCESS METHOD'),
  language: plain('LANGUAGE'),
} satisfies { readonly [kind: string]: Target };

export type TextKindName = keyof typeof textTargets;

/** `AGGREGATE app.total(integer)`. */
export function textTarget(kind: TextKindName, path: readonly string[]): string {
  return textTargets[kind](path);
}
