import { bigint, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: bigint({ default: 7 }) },
  primaryKey: ['id'],
  indexes: { items_size: { on: 'size' } },
  checks: { size_positive: sql`size > 0` },
  uniques: { items_size_key: { columns: ['size', 'id'] } },
});
