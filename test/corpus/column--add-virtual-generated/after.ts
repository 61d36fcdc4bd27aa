import { bigint, project, sql, table } from 'schemac';

export const settings = project({ postgres: 18 });
export const items = table('items', {
  columns: { id: bigint(), double_id: bigint({ nullable: true, generated: { expression: sql`id * 2`, form: 'virtual' } }) },
  primaryKey: ['id'],
});
