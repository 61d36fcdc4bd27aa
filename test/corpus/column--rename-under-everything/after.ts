import { bigint, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ renamedFrom: 'label', doc: 'Words.' }) },
  primaryKey: ['id'],
  checks: [sql`name <> ''`],
  uniques: [{ columns: ['name'] }],
  indexes: [{ on: sql`lower(name)` }],
});
export const names = view('names', { query: sql`SELECT id, name FROM ${items}` });
