import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const gone = table('gone', {
  columns: { id: bigint() },
  grants: [{ to: 'schemac_reader', privileges: ['select'] }],
  rowSecurity: 'on',
  policies: { p: { to: 'schemac_reader', using: sql`true` } },
  ownerRole: 'schemac_owner',
});
