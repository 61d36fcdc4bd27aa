import { arrayOf, bigint, enumType, literal, ofType, project, sql, table, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'half', 'done'], { renamedValues: { done: 'finished' } });
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('done') }), past: arrayOf(ofType(state)) },
  primaryKey: ['id'],
  checks: { items_moves: sql`state <> 'done' OR id > 0` },
  indexes: { items_done: { on: ['id'], where: sql`state = 'done'` } },
});
export const open = view('open', { query: sql`SELECT id FROM ${items} WHERE state <> 'done'` });
