/**
 * Which privileges a statement needs, as far as its first words tell: what it alters, drops or
 * comments on, where it makes something, what it references. Reads tokens; asks no database.
 */
import { qualifiedName, quoteName } from '../sql/quote.ts';
import { headWords, skipWords, takePath } from './head-words.ts';
import type { Word } from './head-words.ts';

export interface Need {
  readonly privilege: 'owner' | 'references' | 'create in schema' | 'create in database' | 'extension';
  /** Quoted for SQL; the bare name of an extension. */
  readonly name: string;
}

/** Longest first, so that `materialized view` is not read as a view. */
const relations = [['materialized', 'view'], ['foreign', 'table'], ['table'], ['index'], ['view'], ['sequence']] as const;
const owned = [...relations, ['constraint'], ['trigger'], ['policy'], ['rule']] as const;
const modifiers = ['or', 'replace', 'unlogged', 'recursive', 'unique', 'constraint'];

function take<Kind extends readonly string[]>(
  words: readonly Word[],
  kinds: readonly Kind[],
): { readonly kind: Kind; readonly rest: readonly Word[] } | undefined {
  for (const kind of kinds) {
    const rest = skipWords(words, ...kind);
    if (rest !== undefined) return { kind, rest };
  }
  return undefined;
}

function withoutNoise(words: readonly Word[]): readonly Word[] {
  let rest = words;
  for (const noise of [['concurrently'], ['if', 'exists'], ['if', 'not', 'exists'], ['only']]) rest = skipWords(rest, ...noise) ?? rest;
  return rest;
}

/** Unqualified names go where search_path says, which a file may set: only whole names are judged. */
function relationNeed(privilege: 'owner' | 'references', words: readonly Word[]): readonly Need[] {
  const path = takePath(withoutNoise(words))?.path;
  return path?.length === 2 ? [{ privilege, name: qualifiedName(path) }] : [];
}

function after(words: readonly Word[], keyword: string): readonly Word[] | undefined {
  const place = words.findIndex(({ form, text }) => form === 'word' && text === keyword);
  return place === -1 ? undefined : words.slice(place + 1);
}

/** The relation behind ON of an index, a policy, or a comment on one. A new trigger needs no ownership, but TRIGGER. */
function onRelation(words: readonly Word[]): readonly Need[] {
  const on = after(words, 'on');
  return on === undefined ? [] : relationNeed('owner', on);
}

/** First words of what is named with its relation: `POLICY own ON public.digests`. */
const partsOfRelations: ReadonlySet<string> = new Set(['constraint', 'trigger', 'policy', 'rule']);

function altered(words: readonly Word[]): readonly Need[] {
  const found = take(words, owned);
  if (found === undefined) return [];
  if (partsOfRelations.has(found.kind[0])) return onRelation(found.rest);
  return relationNeed('owner', found.rest);
}

function commented(words: readonly Word[]): readonly Need[] {
  const column = skipWords(words, 'column');
  if (column === undefined) return altered(words);
  const path = takePath(column)?.path;
  return path?.length === 3 ? [{ privilege: 'owner', name: qualifiedName(path.slice(0, 2)) }] : [];
}

function created(words: readonly Word[]): readonly Need[] {
  let rest = words;
  while (rest[0]?.form === 'word' && modifiers.includes(rest[0].text)) rest = rest.slice(1);
  const extension = skipWords(rest, 'extension');
  if (extension !== undefined) return named('extension', extension);
  const schema = skipWords(rest, 'schema');
  if (schema !== undefined) return named('create in database', schema);
  const part = take(rest, [['index'], ['policy'], ['rule']] as const);
  if (part !== undefined) return onRelation(part.rest);
  const made = take(rest, [...relations, ['type'], ['domain'], ['function'], ['procedure']] as const);
  const path = made === undefined ? undefined : takePath(withoutNoise(made.rest))?.path;
  return path?.length === 2 ? [{ privilege: 'create in schema', name: quoteName(path[0] ?? '') }] : [];
}

function named(privilege: Need['privilege'], words: readonly Word[]): readonly Need[] {
  const name = takePath(withoutNoise(words))?.path;
  if (name?.length !== 1 || name[0] === 'authorization') return [];
  return [{ privilege, name: privilege === 'extension' ? (name[0] ?? '') : quoteName(name[0] ?? '') }];
}

function referenced(words: readonly Word[]): readonly Need[] {
  const needs: Need[] = [];
  for (let rest = after(words, 'references'); rest !== undefined; rest = after(rest, 'references'))
    needs.push(...relationNeed('references', rest));
  return needs;
}

/** What the statement needs; empty where its words do not tell. */
export function neededBy(sql: string): readonly Need[] {
  const words = headWords(sql, 4_000);
  const [first] = words;
  if (first?.form !== 'word') return [];
  const rest = words.slice(1);
  if (first.text === 'create') return [...created(rest), ...(skipWords(rest, 'table') === undefined ? [] : referenced(rest))];
  if (first.text === 'alter') return [...altered(rest), ...(skipWords(rest, 'table') === undefined ? [] : referenced(rest))];
  if (first.text === 'drop') return altered(rest);
  return first.text === 'comment' ? commented(skipWords(rest, 'on') ?? rest) : [];
}
