import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ attributeOptions: { n_distinct_inherited: 7 } }) },
  primaryKey: ['id'],
});
