import { bigint, integer, project, publication, range, table, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), at: timestamptz(), n: integer() },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
});
export const sends = table('sends', {
  columns: { id: bigint(), at: timestamptz(), n: integer() },
  primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month' }),
});
export const feed = publication('feed', { tables: [items], viaPartitionRoot: true });
