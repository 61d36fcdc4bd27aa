/**
 * The only place where names and texts become SQL. Names are quoted when PostgreSQL would need it
 * (quote_identifier's rule: not lower case, or a reserved word), texts always.
 */
import { reservedWords } from './keywords.ts';

const plainName = /^[a-z_][a-z0-9_]*$/;

/** A name as it is written in SQL: quoted only when it must be. */
export function quoteName(name: string): string {
  return plainName.test(name) && !reservedWords.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A schema-qualified name. */
export function qualifiedName(path: readonly string[]): string {
  return path.map(quoteName).join('.');
}

/** A list of names, as in a key: `(id, created_at)` without the parentheses. */
export function nameList(names: readonly string[]): string {
  return names.map(quoteName).join(', ');
}

/** A string literal that means the same whatever standard_conforming_strings says. */
export function quoteText(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** A dollar-quoted body with a tag that does not occur in it. */
export function dollarQuote(body: string): string {
  let tag = '$$';
  for (let number = 0; body.includes(tag) || body.endsWith(tag.slice(0, -1)); number += 1) tag = `$body${number}$`;
  return `${tag}${body}${tag}`;
}

/** The parts of a name that may be qualified and quoted, as PostgreSQL prints it: the way back from `qualifiedName`. */
export function nameParts(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
