/**
 * Names that TypeScript and file systems can hold, made of names that PostgreSQL holds: identifiers of
 * declarations, unique in the whole schema, and names of files, unique whatever their case.
 */
import * as language from '../dsl/index.ts';
import { compareText } from '../model/object.ts';
import type { DeclarationPiece } from '../kinds/author.ts';

/** Words that no identifier can be in a module, and names whose hiding would surprise. */
const reserved = new Set(
  `abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do else
  enum eval export extends false finally for from function get if implements import in instanceof interface is keyof let module
  namespace never new null number object of package private protected public return set static string super switch symbol this
  throw true try type typeof undefined unique unknown var void while with yield globalThis Infinity NaN`.split(/\s+/),
);

/** Windows keeps these for devices, with any extension (its documentation, "Naming Files"). */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** The words of a name: `SalesOrderHeader`, `sales_order_header` and `sales order header` have the same. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `filmActor` of `film_actor`; a name that begins with a digit begins with the noun. */
export function camelCase(name: string, noun: string): string {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  const joined = words.map((word, place) => (place === 0 ? word : capital(word))).join('');
  if (joined === '') return noun;
  return /^[\p{L}]/u.test(joined) ? joined : noun + capital(joined);
}

/** `film-actor` of `film_actor`. */
export function kebabCase(name: string, noun: string): string {
  const joined = wordsOf(name)
    .map((word) => word.toLowerCase())
    .join('-');
  return joined === '' ? noun : devices.test(joined) ? `${joined}-${noun}` : joined;
}

/** Hands out names; a taken one gets the next candidate, then a number. */
export function uniqueNames(taken: Iterable<string>): (candidates: readonly string[]) => string {
  const names = new Set(taken);
  return (candidates) => {
    const last = candidates.at(-1) ?? '';
    let name = candidates.find((each) => !names.has(each));
    for (let number = 2; name === undefined; number += 1) if (!names.has(`${last}${number}`)) name = `${last}${number}`;
    names.add(name);
    return name;
  };
}

/** What has a file of its own is named before what stands beside it, and each in the order of its address. */
function rankOf({ home }: DeclarationPiece): number {
  return home === 'own' ? 0 : home === 'users' ? 1 : 2;
}

/** The identifier of each declaration, by the object. */
export function identifiersOf(declarations: readonly DeclarationPiece[]): ReadonlyMap<string, string> {
  const give = uniqueNames([...reserved, ...Object.keys(language), 'AnyTable']);
  const ordered = [...declarations].sort((left, right) => rankOf(left) - rankOf(right) || compareText(left.object, right.object));
  return new Map(
    ordered.map(({ object, name, noun, schema }) => {
      const plain = camelCase(name, noun);
      const inSchema = schema === undefined || schema === 'public' ? [] : [camelCase(`${schema} ${name}`, noun)];
      return [object, give([plain, ...inSchema, `${plain}${capital(noun)}`])];
    }),
  );
}
