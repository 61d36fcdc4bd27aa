import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 18 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  checks: { name_there: sql`name <> ''` },
});
