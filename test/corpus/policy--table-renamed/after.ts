import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const things = table('things', {
  renamedFrom: 'items',
  columns: { id: bigint(), label: text({ renamedFrom: 'name' }) },
  primaryKey: { columns: ['id'], name: 'items_pkey' },
  rowSecurity: 'on',
  policies: { p: { to: 'schemac_reader', using: sql`id > 0 AND label <> ''` } },
  grants: [
    { to: 'schemac_reader', privileges: ['select'] },
    { to: 'schemac_writer', privileges: ['update'], columns: ['label'] },
  ],
});
