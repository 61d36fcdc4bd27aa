import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = table('other', { columns: { id: bigint() }, primaryKey: ['id'] });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  grants: [
    { to: 'schemac_reader', privileges: ['select'] },
    { to: 'schemac_writer', privileges: ['update'], columns: ['name'] },
    { revokedFrom: 'owner', privileges: ['truncate'] },
  ],
});
