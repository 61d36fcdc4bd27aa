/**
 * The one address grammar of the project: a kind and a path, as in `table public.digests` or
 * `column public.digests.body`. Addresses are the ids of objects and what every flag, ignore list,
 * JSON document and message uses. A path part is quoted as PostgreSQL quotes an identifier that
 * needs it. Nothing here knows which kinds exist.
 */

/** `kind path`, for example `column public.digests.body`. */
export type Address = string;

export interface ParsedAddress {
  readonly kind: string;
  readonly path: readonly string[];
}

const plainPart = /^[a-z_][a-z0-9_$]*$/;

function quotePart(part: string): string {
  return plainPart.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
}

/** Writes an address; the same parts always give the same text. */
export function address(kind: string, ...path: readonly string[]): Address {
  return `${kind} ${path.map(quotePart).join('.')}`;
}

/** The path as text, without the kind: `public.digests`. Argument lists of functions stay as they are. */
export function pathText(path: readonly string[]): string {
  return path.map(quotePart).join('.');
}

/** Reads an address back; `undefined` where the text is none. */
export function parseAddress(text: string): ParsedAddress | undefined {
  const match = /^([a-z][a-z-]*) (.+)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const path: string[] = [];
  let rest = match[2];
  while (rest !== '') {
    // What is about another object has that one's kind before its path: `comment table "Odd".t`.
    const part = /^([a-z][a-z-]* )?(?:"((?:[^"]|"")*)"|([^".]+))(\.|$)/s.exec(rest);
    if (part === null) return undefined;
    path.push(`${part[1] ?? ''}${part[2] === undefined ? (part[3] ?? '') : part[2].replaceAll('""', '"')}`);
    rest = rest.slice(part[0].length);
    if (part[4] === '.' && rest === '') return undefined;
  }
  return { kind: match[1], path };
}

/** Whether an address is named by a pattern, in which `*` stands for any run of characters. */
export function matchesAddress(pattern: string, text: Address): boolean {
  const source = pattern
    .split('*')
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(text);
}
