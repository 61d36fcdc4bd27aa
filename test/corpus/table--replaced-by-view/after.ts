import { bigint, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});
export const label = view('label', { query: sql`SELECT id, name AS word FROM ${items}` });
