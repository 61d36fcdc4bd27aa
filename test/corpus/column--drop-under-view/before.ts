import { bigint, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), code: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const codes = view('codes', { query: sql`SELECT id, code FROM ${items}` });
