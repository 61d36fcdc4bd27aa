import { bigint, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), label: text({ renamedFrom: 'name', doc: 'Words.' }) },
  primaryKey: ['id'],
  checks: [sql`label <> ''`],
  uniques: [{ columns: ['label'] }],
  indexes: [{ on: sql`lower(label)` }],
});
export const names = view('names', { query: sql`SELECT id, label AS name FROM ${items}` });
