import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: {
    readers: { for: 'select', to: 'schemac_reader', using: sql`name LIKE 'n%'`, doc: 'Readers see names.' },
    writers: { to: ['schemac_writer', 'schemac_owner'], using: sql`id > 0`, withCheck: sql`id > 1` },
    inserts: { for: 'insert', withCheck: sql`id > 2` },
    narrow: { mode: 'restrictive', for: 'delete', using: sql`id IN (1, 2)` },
  },
});
