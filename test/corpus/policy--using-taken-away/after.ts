import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: { p: { withCheck: sql`id > 0`, doc: 'Why.' } },
});
