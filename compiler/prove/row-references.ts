/**
 * Declared rows of lookup tables come, change and go on purpose: what a proof compares are the other
 * rows of their tables. And what a kept state must not lose with the generated rows.
 */
import { isReferenceRow } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { partsOf, type State } from '../model/object.ts';
import { nameList, quoteText } from '../sql/quote.ts';
import type { TableRows } from './row-survival.ts';

/** What tables hold besides the declared rows of a state. */
export function withoutReferenceRows(held: ReadonlyMap<Address, TableRows>, state: State): ReadonlyMap<Address, TableRows> {
  return new Map([...held].map(([table, rows]) => [table, withoutKeys(rows, table, state)]));
}

function withoutKeys(table: TableRows, id: Address, state: State): TableRows {
  const declared = partsOf(state, id).filter(isReferenceRow);
  const key = declared[0]?.attributes.key;
  if (key === undefined) return table;
  const keys = new Set(declared.map(({ attributes }) => JSON.stringify(key.map((name) => attributes.values[name]))));
  const places = key.map((name) => table.columns.findIndex((column) => column.name === name));
  return { ...table, rows: table.rows.filter((row) => !keys.has(JSON.stringify(places.map((place) => row[place])))) };
}

/**
 * The state without rows of tables that are no lookup tables any more: a table whose declaration says
 * no word of rows keeps those that it has, they are only nobody's to change.
 */
export function withRowsOf(state: State, tables: readonly ReferenceTable[]): State {
  const known = new Set(tables.flatMap(({ table, formerly }) => (formerly === undefined ? [table] : [table, formerly])));
  return new Map([...state].filter(([, object]) => !isReferenceRow(object) || known.has(object.partOf ?? '')));
}

/** A condition over a table's columns that is true of all rows but the declared ones. */
export function otherRows(table: Address, state: State): string {
  const declared = partsOf(state, table).filter(isReferenceRow);
  const key = declared[0]?.attributes.key;
  if (key === undefined) return 'true';
  const tuples = declared.map(({ attributes }) => `(${key.map((name) => quoteText(attributes.values[name] ?? '').trim()).join(', ')})`);
  return `(${nameList(key)}) NOT IN (${tuples.join(', ')})`;
}
