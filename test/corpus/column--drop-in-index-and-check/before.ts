import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), code: text({ nullable: true }) },
  primaryKey: ['id'],
  indexes: { items_both: { on: ['name', 'code'] } },
  checks: { both: sql`name <> code` },
});
