import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 15 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), size: bigint({ nullable: true }) },
  primaryKey: ['id'],
  uniques: { items_unique: { columns: ['size'], nullsNotDistinct: true } },
});
