import { bigint, func, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const shout = func('shout', {
  args: { given: text() },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper(given)`,
});
export const names = view('names', { doc: 'Loud.', query: sql`SELECT id, shout(name) AS loud FROM ${items}` });
export const some = view('some', { query: sql`SELECT id FROM ${names} WHERE loud <> 'A'` });
