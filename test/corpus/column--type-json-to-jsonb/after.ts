import { bigint, jsonb, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), body: jsonb({ using: sql`body::jsonb` }) },
  primaryKey: ['id'],
});
