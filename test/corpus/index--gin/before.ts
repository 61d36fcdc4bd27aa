import { arrayOf, bigint, jsonb, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), tags: arrayOf(text(), { nullable: true }), body: jsonb({ nullable: true }) },
  primaryKey: ['id'],
  indexes: { items_index: { on: 'tags', method: 'gin' } },
});
