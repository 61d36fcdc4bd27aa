import { bigint, enumType, literal, ofType, project, sql, table, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'done', 'failed']);
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('new') }) },
  primaryKey: ['id'],
  checks: { no_failed: sql`state <> 'failed' OR id > 0` },
  indexes: { items_failed: { on: 'id', where: sql`state = 'failed'` } },
});
export const news = view('news', { query: sql`SELECT id FROM ${items} WHERE state IN ('new', 'failed')` });
