/**
 * The one address grammar of the project: a kind and a path, as in `table public.digests` or
 * `column public.digests.body`. Addresses are the ids of objects and what every flag, ignore list,
 * JSON document and message uses. A path part is quoted as PostgreSQL quotes an identifier that
 * needs it; a signature, `total(integer, text)`, stands as it is. Nothing here knows which kinds exist.
 */

/** `kind path`, for example `column public.digests.body`. */
export type Address = string;

export interface ParsedAddress {
  readonly kind: string;
  readonly path: readonly string[];
}

const plainPart = /^[a-z_][a-z0-9_$]*$/;

function quoteAlways(part: string): string {
  return plainPart.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
}

function quotePart(part: string): string {
  return signatureName(part) === undefined ? quoteAlways(part) : part;
}

/**
 * The path part of what is told apart by the types that it takes, as a function is: its name, quoted
 * where it must be, and the types as PostgreSQL prints them: `total(integer, public.mood[])`.
 */
export function signature(name: string, types: readonly string[]): string {
  return `${quoteAlways(name)}(${types.join(', ')})`;
}

const nameAtStart = /^(?:"((?:[^"]|"")*)"|([^".(]+))/s;

/** The name of a signature, `undefined` where a path part is none. */
export function signatureName(part: string): string | undefined {
  const name = nameAtStart.exec(part);
  if (name === null || (name[2] !== undefined && !plainPart.test(name[2]))) return undefined;
  return closingAt(part, name[0].length) === part.length - 1 ? unquoted(name) : undefined;
}

/** The types of a signature as one text, without the parentheses. */
export function signatureTypes(part: string): string {
  return part.slice((nameAtStart.exec(part)?.[0].length ?? 0) + 1, -1);
}

function unquoted(name: RegExpExecArray): string {
  return name[1] === undefined ? (name[2] ?? '') : name[1].replaceAll('""', '"');
}

/** Where the parenthesis at `open` is closed; a name in quotes may hold others. -1 where there is none. */
function closingAt(text: string, open: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === '(') depth += 1;
    else if (!isQuoted && character === ')') depth -= 1;
    if (depth === 0) return at > open ? at : -1;
  }
  return -1;
}

/** Writes an address; the same parts always give the same text. */
export function address(kind: string, ...path: readonly string[]): Address {
  return `${kind} ${path.map(quotePart).join('.')}`;
}

/** The path as text, without the kind: `public.digests`. */
export function pathText(path: readonly string[]): string {
  return path.map(quotePart).join('.');
}

/** Reads an address back; `undefined` where the text is none. */
export function parseAddress(text: string): ParsedAddress | undefined {
  const match = /^([a-z][a-z-]*) (.+)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const path: string[] = [];
  for (let rest = match[2]; ;) {
    const part = firstPart(rest);
    if (part === undefined) return undefined;
    path.push(part.part);
    if (part.end === rest.length) break;
    if (rest[part.end] !== '.') return undefined;
    rest = rest.slice(part.end + 1);
  }
  return { kind: match[1], path };
}

/**
 * A name without its quotes, or a signature as it stands; `end` is past it. What is about another
 * object has that one's kind before its path: `comment table "Odd".t`.
 */
function firstPart(text: string): { readonly part: string; readonly end: number } | undefined {
  const kind = /^[a-z][a-z-]* /.exec(text)?.[0] ?? '';
  const rest = text.slice(kind.length);
  const name = nameAtStart.exec(rest);
  if (name === null) return undefined;
  const end = name[0].length;
  if (rest[end] !== '(') return { part: kind + unquoted(name), end: kind.length + end };
  const close = closingAt(rest, end);
  return close === -1 ? undefined : { part: kind + rest.slice(0, close + 1), end: kind.length + close + 1 };
}

/** Whether an address is named by a pattern, in which `*` stands for any run of characters. */
export function matchesAddress(pattern: string, text: Address): boolean {
  const source = pattern
    .split('*')
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(text);
}
