import { bigint, project, schema, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const archive = schema('archive', { doc: 'Old things.' });
export const old = table('old', { schema: archive, columns: { id: bigint() }, primaryKey: ['id'] });
