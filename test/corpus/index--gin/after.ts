import { arrayOf, bigint, jsonb, key, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), tags: arrayOf(text(), { nullable: true }), body: jsonb({ nullable: true }) },
  primaryKey: ['id'],
  indexes: {
    items_index: { on: key('body', { operatorClass: 'jsonb_path_ops' }), method: 'gin', storageParameters: { fastupdate: false } },
  },
});
