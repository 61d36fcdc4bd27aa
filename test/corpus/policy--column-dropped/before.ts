import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), extra: bigint({ nullable: true }) },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: { p: { using: sql`extra > 0` } },
});
