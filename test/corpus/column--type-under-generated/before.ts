import { bigint, integer, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: integer(), twice: bigint({ nullable: true, generated: sql`size * 2` }) },
  primaryKey: ['id'],
});
