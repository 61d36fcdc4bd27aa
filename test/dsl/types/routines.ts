/** What compiles: functions, procedures and triggers in all their forms, and circles of them with tables. Nothing here runs. */
import {
  arrayOf,
  bigint,
  boolean,
  func,
  inout,
  integer,
  literal,
  name,
  numeric,
  out,
  procedure,
  returnsTable,
  rowOf,
  setOf,
  sql,
  table,
  text,
  variadic,
  view,
} from 'schemac';
import type { Row, TriggerFunction } from 'schemac';

/** Declared before its table, whose rows it takes; the table's check calls it. */
export const fits = func('fits', {
  args: { row: rowOf(() => items) },
  returns: boolean(),
  language: 'sql',
  body: sql`SELECT true`,
});
export const items = table('items', {
  columns: { id: bigint({ default: sql`next_item()` }), name: text() },
  primaryKey: ['id'],
  checks: { items_fit: sql`fits(items)` },
  triggers: {
    touch_it: { when: 'before', on: ['insert', 'update'], updateOf: ['name'], execute: (): TriggerFunction => touch, doc: 'Touches.' },
    keep_it: { when: 'before', on: ['update'], execute: name('pg_catalog', 'suppress_redundant_updates_trigger') },
    check_it: { when: 'after', on: ['insert'], constraint: { deferral: 'deferrable', references: 'self' }, execute: () => other },
  },
});
/** Its body names the table whose trigger it is: the arrow says its type. */
export const touch = func('touch', {
  returns: 'trigger',
  language: 'plpgsql',
  body: sql`BEGIN UPDATE ${items} SET name = ''; RETURN NEW; END`,
});
export const other = func('other', { returns: 'trigger', language: 'plpgsql', body: 'BEGIN RETURN NULL; END' });
export const nextItem = func('next_item', { returns: bigint(), language: 'sql', body: sql`SELECT count(*) FROM ${items}` });

export const total = func('total', {
  args: { amount: numeric(), rate: numeric({ default: 1 }), rest: variadic(arrayOf(text())) },
  returns: numeric(),
  language: 'sql',
  volatility: 'immutable',
  settings: { search_path: ['public'], work_mem: '8MB', enable_sort: false },
  body: sql`SELECT amount * rate`,
});
export const pair = func('pair', { args: [inout(integer()), out(text())], language: 'sql', body: sql`SELECT 1, ''` });
export const all = func('all_items', { returns: setOf(rowOf(items)), language: 'sql', body: sql`SELECT * FROM ${items}` });
export const named = func('named', { returns: returnsTable({ id: bigint(), name: text() }), language: 'sql', body: sql`SELECT 1, ''` });
export const clean = procedure('clean', { args: { name: text({ default: literal('x') }) }, language: 'plpgsql', body: sql`BEGIN END` });
export const names = view('names', {
  query: sql`SELECT ${items.columns.id} FROM ${items} WHERE ${total}(1) > 0`,
  triggers: { write_it: { when: 'instead of', on: ['insert'], execute: touch } },
});

({ id: '1', name: '' }) satisfies Row<typeof items>;
