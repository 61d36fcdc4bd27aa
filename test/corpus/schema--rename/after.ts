import { bigint, project, schema, sql, table, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const archive = schema('attic', { renamedFrom: 'archive' });
export const old = table('old', {
  schema: archive,
  columns: { id: bigint({ identity: 'always' }) },
  primaryKey: ['id'],
  indexes: [{ on: sql`(id + 1)` }],
});
export const olds = view('olds', { schema: archive, query: sql`SELECT id FROM ${old}` });
