import { arrayOf, bigint, enumType, literal, ofType, project, table, view, sql } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'done'], { doc: 'Where it stands.' });
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('new') }), past: arrayOf(ofType(state)) },
  primaryKey: ['id'],
  indexes: { items_state: { on: ['state'] } },
});
export const open = view('open', { query: sql`SELECT id, state FROM ${items} WHERE state < 'done'` });
