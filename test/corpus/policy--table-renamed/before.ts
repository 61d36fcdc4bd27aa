import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  renamedFrom: 'things',
  columns: { id: bigint(), name: text({ renamedFrom: 'label' }) },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: { p: { to: 'schemac_reader', using: sql`id > 0 AND name <> ''` } },
  grants: [
    { to: 'schemac_reader', privileges: ['select'] },
    { to: 'schemac_writer', privileges: ['update'], columns: ['name'] },
  ],
});
