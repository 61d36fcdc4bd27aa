import { bigint, enumType, literal, ofType, project, sql, table, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'done']);
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('new') }) },
  primaryKey: ['id'],
});
export const news = view('news', { query: sql`SELECT id FROM ${items} WHERE state = 'new'` });
