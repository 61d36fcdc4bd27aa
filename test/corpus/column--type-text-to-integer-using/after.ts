import { bigint, integer, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: integer({ using: sql`size::integer` }) },
  primaryKey: ['id'],
});
