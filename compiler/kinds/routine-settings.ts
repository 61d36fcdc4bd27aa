/**
 * The SET clauses of routines. A list such as search_path is kept in the catalog as names quoted where
 * they must be, and is written as a list of texts, as pg_dump does it: `""` is no name, `''` is a text.
 */
import { quoteName, quoteText } from '../sql/quote.ts';

/** Settings whose value is a list of names (guc_tables.c: GUC_LIST_QUOTE; extensions can have none). */
const lists: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

/** A list as the catalog keeps it. */
export function settingList(items: readonly string[]): string {
  return items.map((item) => (item === '' ? '""' : quoteName(item))).join(', ');
}

/** `SET search_path TO 'public', 'pg_temp'`. */
export function settingClause(name: string, value: string): string {
  const texts = lists.has(name.toLowerCase()) ? itemsOf(value) : [value];
  return `SET ${name.split('.').map(quoteName).join('.')} TO ${texts.map((text) => quoteText(text).trim()).join(', ')}`;
}

/** The items of a list, out of their quotes; an empty list is one empty item. */
function itemsOf(list: string): readonly string[] {
  const items: string[] = [];
  const item = /\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(?:,|$)/y;
  for (item.lastIndex = 0; item.lastIndex < list.length || items.length === 0;) {
    const found = item.exec(list);
    if (found === null) return [list];
    items.push(found[1] === undefined ? (found[2] ?? '').trim().toLowerCase() : found[1].replaceAll('""', '"'));
  }
  return items;
}
