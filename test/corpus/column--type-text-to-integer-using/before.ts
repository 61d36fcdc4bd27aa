import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: text({ using: sql`size::text` }) },
  primaryKey: ['id'],
});
