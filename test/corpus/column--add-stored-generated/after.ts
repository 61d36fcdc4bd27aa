import { bigint, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), double_id: bigint({ nullable: true, generated: sql`id * 2` }) },
  primaryKey: ['id'],
});
