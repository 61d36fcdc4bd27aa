/**
 * Lists in SQL text as PostgreSQL prints it: `a, lower(b), 'x, y'` cut at the commas that no quote and no
 * bracket holds, and constants as values. It knows tokens and brackets, nothing of grammar.
 */
import { nextToken } from './scan.ts';

const opening = new Set(['(', '[']);
const closing = new Set([')', ']']);

/** The items of a list, trimmed; none of an empty text. */
export function splitList(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(text, token.end)) {
    const symbol = token.token === 'symbol' ? text.slice(token.start, token.end) : '';
    if (opening.has(symbol)) depth += 1;
    if (closing.has(symbol)) depth -= 1;
    if (symbol === ',' && depth === 0) {
      items.push(text.slice(start, token.start).trim());
      start = token.end;
    }
  }
  const last = text.slice(start).trim();
  return last === '' && items.length === 0 ? [] : [...items, last];
}

/** The text inside of brackets that hold all of it; the text itself where there are none. */
export function withoutBrackets(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let token = nextToken(text, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(text, token.end)) {
    const symbol = token.token === 'symbol' ? text.slice(token.start, token.end) : '';
    if (symbol === '(') depth += 1;
    if (symbol === ')') depth -= 1;
    if (depth === 0 && token.end < text.length) return text;
  }
  return text.slice(1, -1).trim();
}

/** A value that SQL text is, as PostgreSQL prints constants without a cast; `undefined` for any other text. */
export function constantOf(text: string): string | number | bigint | boolean | null | undefined {
  if (/^'(?:[^'\\]|'')*'$/.test(text)) return text.slice(1, -1).replaceAll(`''`, `'`);
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  if (/^-?\d+\.\d+$/.test(text) && String(Number(text)) === text) return Number(text);
  const words: { readonly [word: string]: boolean | null } = { true: true, false: false, NULL: null };
  return words[text];
}
