/**
 * The probe of a statement that came without one: a hand-written CREATE or DROP INDEX CONCURRENTLY,
 * or one that an expand step made. Reads the statement's tokens; knows these two forms alone.
 */
import { headWords, skipWords, takePath } from './head-words.ts';
import type { Word } from './head-words.ts';
import type { Probe } from './probe.ts';

function createdIndex(words: readonly Word[]): Probe | undefined {
  const start = skipWords(words, 'create', 'index', 'concurrently') ?? skipWords(words, 'create', 'unique', 'index', 'concurrently');
  if (start === undefined) return undefined;
  const name = takePath(skipWords(start, 'if', 'not', 'exists') ?? start);
  const on = name === undefined ? undefined : skipWords(name.rest, 'on');
  const table = on === undefined ? undefined : takePath(skipWords(on, 'only') ?? on);
  if (name === undefined || table === undefined) return undefined;
  // An index lives in the schema of its table; its own name is never written with one (manual, CREATE INDEX).
  return { assertion: 'valid', kind: 'index', path: [...table.path.slice(0, -1), ...name.path] };
}

function droppedIndex(words: readonly Word[]): Probe | undefined {
  const start = skipWords(words, 'drop', 'index', 'concurrently');
  const name = start === undefined ? undefined : takePath(skipWords(start, 'if', 'exists') ?? start);
  return name === undefined ? undefined : { assertion: 'absent', kind: 'index', path: name.path };
}

/** The probe that follows from a statement's own text, where one does. */
export function deriveProbe(sql: string): Probe | undefined {
  const words = headWords(sql, 24);
  return createdIndex(words) ?? droppedIndex(words);
}

/** The index that a statement builds, and leaves behind invalid when it is stopped. */
export function builtIndex(sql: string): Probe | undefined {
  return createdIndex(headWords(sql, 24));
}

/** The table or index that REINDEX … CONCURRENTLY makes anew; those of a schema or a database are not told. */
export function reindexed(sql: string): readonly string[] | undefined {
  const words = headWords(sql, 24);
  if (skipWords(words, 'reindex') === undefined || !words.some(({ form, text }) => form === 'word' && text === 'concurrently'))
    return undefined;
  // Options may stand in parentheses before the kind (manual, REINDEX).
  const kind = words.findIndex(({ form, text }) => form === 'word' && (text === 'table' || text === 'index'));
  if (kind === -1) return undefined;
  const rest = words.slice(kind + 1);
  return takePath(skipWords(rest, 'concurrently') ?? rest)?.path;
}

/** The two relations of ALTER TABLE … DETACH PARTITION … CONCURRENTLY. */
export function detachedPartition(sql: string): { readonly table: readonly string[]; readonly partition: readonly string[] } | undefined {
  const start = skipWords(headWords(sql, 24), 'alter', 'table');
  const table = start === undefined ? undefined : takePath(skipWords(start, 'if', 'exists') ?? start);
  const detach = table === undefined ? undefined : skipWords(table.rest, 'detach', 'partition');
  const partition = detach === undefined ? undefined : takePath(detach);
  if (table === undefined || partition === undefined || skipWords(partition.rest, 'concurrently') === undefined) return undefined;
  return { table: table.path, partition: partition.path };
}
