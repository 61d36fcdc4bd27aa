import { bigint, project, sql, table, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), made_at: timestamptz({ default: sql`now()` }) },
  primaryKey: ['id'],
});
