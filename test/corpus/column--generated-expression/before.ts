import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 17 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), upper: text({ nullable: true, generated: sql`upper(name)` }) },
  primaryKey: ['id'],
});
