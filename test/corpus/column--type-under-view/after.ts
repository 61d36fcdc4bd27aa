import { bigint, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});
export const names = view('names', { query: sql`SELECT id, name FROM ${items} WHERE name = 'x'` });
export const longer = view('longer', { query: sql`SELECT id, name || '!' AS name FROM ${names}` });
