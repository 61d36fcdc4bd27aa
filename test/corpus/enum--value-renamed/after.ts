import { arrayOf, bigint, enumType, literal, ofType, project, sql, table, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'half', 'finished'], { renamedValues: { finished: 'done' } });
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('finished') }), past: arrayOf(ofType(state)) },
  primaryKey: ['id'],
  checks: { items_moves: sql`state <> 'finished' OR id > 0` },
  indexes: { items_done: { on: ['id'], where: sql`state = 'finished'` } },
});
export const open = view('open', { query: sql`SELECT id FROM ${items} WHERE state <> 'finished'` });
