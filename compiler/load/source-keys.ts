/**
 * Finds a key inside the object literal of a call by scanning tokens: strings, templates, comments and
 * brackets are known, nothing else is. It serves places in messages: where it finds nothing, the place
 * of the call is near enough.
 */

interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Offset in the text of a place that counts from 1. */
export function offsetOf(source: string, place: LineColumn): number {
  let offset = 0;
  for (let line = 1; line < place.line; line += 1) {
    const end = source.indexOf('\n', offset);
    if (end < 0) return source.length;
    offset = end + 1;
  }
  return offset + place.column - 1;
}

/** The place, counted from 1, of an offset. */
export function placeOfOffset(source: string, offset: number): LineColumn {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/**
 * The offset of the last of `keys`, each inside the value of the one before; the first is a key of the
 * first object literal after `from`, `[2]` the third item of an array. The deepest key that is found counts.
 */
export function findKey(source: string, from: number, keys: readonly string[]): number | undefined {
  let value = openingBrace(source, from);
  let found: number | undefined;
  for (const key of keys) {
    if (value === undefined) return found;
    const item = /^\[(\d+)\]$/.exec(key)?.[1];
    const hit = item === undefined ? keyIn(source, value, key) : itemAt(source, value, Number(item));
    if (hit === undefined) return found;
    found = hit.offset;
    value = hit.value;
  }
  return found;
}

/** A key of the object literal that begins at `value` or in it. */
function keyIn(source: string, value: number, key: string): { offset: number; value: number } | undefined {
  const open = source[value] === '{' ? value : openingBrace(source, value);
  return open === undefined ? undefined : keyAtDepthOne(source, open, key);
}

/**
 * The offset of a character of the first template literal after `from`: in which of its strings, and
 * where in that. An escape counts as the one character that it stands for.
 */
export function findInTemplate(source: string, from: number, piece: number, at: number): number | undefined {
  const open = source.indexOf('`', from);
  if (open < 0) return undefined;
  let left = piece;
  let count = 0;
  for (let offset = open + 1; offset < source.length;) {
    if (left === 0 && (count >= at || source[offset] === '`')) return offset;
    if (source[offset] === '`') return undefined;
    if (source.startsWith('${', offset)) {
      if (left === 0) return offset;
      offset = afterHole(source, offset + 2);
      left -= 1;
    } else {
      if (left === 0) count += 1;
      offset += source[offset] === '\\' ? 2 : 1;
    }
  }
  return undefined;
}

/** The first `{` after `from`, inside the call that begins there. */
function openingBrace(source: string, from: number): number | undefined {
  let depth = 0;
  for (let offset = from; offset < source.length;) {
    const character = source[offset];
    if (character === '{') return offset;
    if (character === '(' || character === '[') depth += 1;
    if (character === ')' || character === ']') depth -= 1;
    if (depth < 0 || (depth === 0 && (character === ',' || character === ';' || character === '}'))) return undefined;
    offset = next(source, offset);
  }
  return undefined;
}

function keyAtDepthOne(source: string, open: number, key: string): { offset: number; value: number } | undefined {
  let depth = 0;
  let expectsKey = true;
  for (let offset = open; offset < source.length;) {
    const character = source[offset] ?? '';
    const end = next(source, offset);
    if ('{[('.includes(character)) depth += 1;
    else if ('}])'.includes(character)) depth -= 1;
    else if (depth === 1 && character === ',') expectsKey = true;
    else if (depth === 1 && expectsKey && isToken(source, offset)) {
      expectsKey = false;
      const value = skipSpace(source, end);
      if (keyName(source.slice(offset, end)) === key && ':,}('.includes(source[value] ?? '')) {
        return { offset, value: skipSpace(source, value + 1) };
      }
    }
    if (depth === 0) return undefined;
    offset = end;
  }
  return undefined;
}

/** The item of an array literal, counted from 0. */
function itemAt(source: string, open: number, index: number): { offset: number; value: number } | undefined {
  if (source[open] !== '[') return undefined;
  let depth = 0;
  let place = 0;
  let start = skipSpace(source, open + 1);
  for (let offset = open; offset < source.length; offset = next(source, offset)) {
    const character = source[offset] ?? '';
    if (place === index && offset >= start) return { offset: start, value: start };
    if ('{[('.includes(character)) depth += 1;
    else if ('}])'.includes(character)) depth -= 1;
    else if (depth === 1 && character === ',') {
      place += 1;
      start = skipSpace(source, offset + 1);
    }
    if (depth === 0) return undefined;
  }
  return undefined;
}

const word = /[\p{ID_Continue}$]+/uy;

/** Whether something other than space or a comment begins here. */
function isToken(source: string, offset: number): boolean {
  const character = source[offset] ?? '';
  return !/\s/.test(character) && !source.startsWith('//', offset) && !source.startsWith('/*', offset);
}

function skipSpace(source: string, from: number): number {
  let offset = from;
  while (offset < source.length && !isToken(source, offset)) offset = next(source, offset);
  return offset;
}

/** The key as a name, its quotes and escapes undone where they are simple. */
function keyName(text: string): string {
  if (text.startsWith('"') || text.startsWith("'")) {
    const inner = text.slice(1, -1).replaceAll(/\\(['"\\])/g, '$1');
    return inner.includes('\\') ? inner.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : inner;
  }
  return text;
}

/** The offset after the token that begins at `offset`. */
function next(source: string, offset: number): number {
  const character = source[offset] ?? '';
  if (character === '"' || character === "'") return afterString(source, offset, character);
  if (character === '`') return afterTemplate(source, offset);
  if (source.startsWith('//', offset)) return endOr(source.indexOf('\n', offset), source);
  if (source.startsWith('/*', offset)) {
    const end = source.indexOf('*/', offset + 2);
    return end < 0 ? source.length : end + 2;
  }
  word.lastIndex = offset;
  return word.test(source) ? word.lastIndex : offset + 1;
}

function endOr(offset: number, source: string): number {
  return offset < 0 ? source.length : offset;
}

function afterString(source: string, start: number, quote: string): number {
  for (let offset = start + 1; offset < source.length; offset += 1) {
    if (source[offset] === '\\') offset += 1;
    else if (source[offset] === quote) return offset + 1;
  }
  return source.length;
}

function afterTemplate(source: string, start: number): number {
  for (let offset = start + 1; offset < source.length; offset += 1) {
    if (source[offset] === '\\') offset += 1;
    else if (source[offset] === '`') return offset + 1;
    else if (source.startsWith('${', offset)) offset = afterHole(source, offset + 2) - 1;
  }
  return source.length;
}

/** The offset after the `}` that closes a hole of a template. */
function afterHole(source: string, start: number): number {
  let depth = 1;
  for (let offset = start; offset < source.length;) {
    if (source[offset] === '{') depth += 1;
    if (source[offset] === '}') depth -= 1;
    offset = next(source, offset);
    if (depth === 0) return offset;
  }
  return source.length;
}
