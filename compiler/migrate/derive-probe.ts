/**
 * The probe of a statement that came without one: a hand-written CREATE or DROP INDEX CONCURRENTLY,
 * or one that an expand step made. Reads the statement's tokens; knows these two forms alone.
 */
import { nextToken } from '../sql/scan.ts';
import type { Probe } from './probe.ts';

interface Word {
  /** Lower case for what stands unquoted. */
  readonly text: string;
  readonly form: 'word' | 'name' | 'symbol';
}

function firstWords(sql: string, count: number): readonly Word[] {
  const words: Word[] = [];
  let token = nextToken(sql, 0);
  while (token !== undefined && token.token !== 'unterminated' && words.length < count) {
    const raw = sql.slice(token.start, token.end);
    if (token.token === 'word') words.push({ text: raw.toLowerCase(), form: 'word' });
    else if (token.token === 'name')
      words.push({ text: raw.slice(1, -1).replaceAll('""', '"'), form: raw.startsWith('"') ? 'name' : 'symbol' });
    else if (token.token === 'symbol') words.push({ text: raw, form: 'symbol' });
    token = nextToken(sql, token.end);
  }
  return words;
}

/** Takes keywords off the front where they stand there. */
function skip(words: readonly Word[], ...keywords: readonly string[]): readonly Word[] | undefined {
  const matches = keywords.every((keyword, index) => words[index]?.form === 'word' && words[index].text === keyword);
  return matches ? words.slice(keywords.length) : undefined;
}

function takePath(words: readonly Word[]): { readonly path: readonly string[]; readonly rest: readonly Word[] } | undefined {
  const path: string[] = [];
  for (let at = 0; ; at += 2) {
    const part = words[at];
    if (part === undefined || part.form === 'symbol') return undefined;
    path.push(part.text);
    if (words[at + 1]?.text !== '.' || words[at + 1]?.form !== 'symbol') return { path, rest: words.slice(at + 1) };
  }
}

function createdIndex(words: readonly Word[]): Probe | undefined {
  const start = skip(words, 'create', 'index', 'concurrently') ?? skip(words, 'create', 'unique', 'index', 'concurrently');
  if (start === undefined) return undefined;
  const name = takePath(skip(start, 'if', 'not', 'exists') ?? start);
  const on = name === undefined ? undefined : skip(name.rest, 'on');
  const table = on === undefined ? undefined : takePath(skip(on, 'only') ?? on);
  if (name === undefined || table === undefined) return undefined;
  // An index lives in the schema of its table; its own name is never written with one (manual, CREATE INDEX).
  return { assertion: 'valid', kind: 'index', path: [...table.path.slice(0, -1), ...name.path] };
}

function droppedIndex(words: readonly Word[]): Probe | undefined {
  const start = skip(words, 'drop', 'index', 'concurrently');
  const name = start === undefined ? undefined : takePath(skip(start, 'if', 'exists') ?? start);
  return name === undefined ? undefined : { assertion: 'absent', kind: 'index', path: name.path };
}

/** The probe that follows from a statement's own text, where one does. */
export function deriveProbe(sql: string): Probe | undefined {
  const words = firstWords(sql, 24);
  return createdIndex(words) ?? droppedIndex(words);
}

/** The index that a statement builds, and leaves behind invalid when it is stopped. */
export function builtIndex(sql: string): Probe | undefined {
  return createdIndex(firstWords(sql, 24));
}
