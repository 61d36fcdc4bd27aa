/** Which extensions an engine must have for a text of SQL or for objects: the embedded one loads them when it starts. */
import { kindOf } from '../kinds/registry.ts';
import type { SchemaObject } from '../model/object.ts';
import { nextToken } from '../sql/scan.ts';
import type { ScriptItem } from '../sql/script.ts';

/** Extensions without which these objects cannot be made. */
export function extensionsOf(objects: Iterable<SchemaObject>): readonly string[] {
  const names = [...objects].flatMap((object) =>
    (kindOf(object).requires?.(object) ?? []).flatMap((capability) => /^extension (.+)$/.exec(capability)?.[1] ?? []),
  );
  return [...new Set(names)].sort();
}

/** Extensions that CREATE EXTENSION statements of a script name. */
export function extensionsIn(items: readonly ScriptItem[]): readonly string[] {
  return [...new Set(items.flatMap((item) => (item.item === 'statement' ? extensionOf(item.sql) : [])))].sort();
}

/** CREATE EXTENSION [IF NOT EXISTS] name. */
function extensionOf(sql: string): readonly string[] {
  if (!/^create\s/i.test(sql)) return [];
  const words: string[] = [];
  for (let token = nextToken(sql, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(sql, token.end)) {
    const text = sql.slice(token.start, token.end);
    if (token.token === 'name') return words.join(' ') === 'create extension' ? [text.slice(1, -1)] : [];
    if (token.token !== 'word') continue;
    const word = text.toLowerCase();
    if (['if', 'not', 'exists'].includes(word) && words.length >= 2) continue;
    if (words.length === 2) return words.join(' ') === 'create extension' ? [word] : [];
    words.push(word);
  }
  return [];
}
