import { bigint, json, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), body: json({ using: sql`body::json` }) },
  primaryKey: ['id'],
});
