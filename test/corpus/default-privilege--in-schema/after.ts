import { bigint, defaultPrivileges, project, schema, sequence, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const a = schema('a');
export const reading = defaultPrivileges({
  on: 'tables',
  schema: a,
  to: ['schemac_reader', 'schemac_writer'],
  privileges: ['select', 'insert'],
  withGrantOption: true,
});
export const seqs = defaultPrivileges({ on: 'sequences', schema: 'public', to: 'schemac_reader', privileges: ['usage'] });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const there = table('there', { schema: a, columns: { id: bigint() } });
export const s = sequence('s');
