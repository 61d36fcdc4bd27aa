import { bigint, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: bigint(), twice: bigint({ nullable: true, generated: sql`size * 2` }) },
  primaryKey: ['id'],
});
