import { integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: integer(), name: text() },
  primaryKey: ['id'],
  rowSecurity: 'on',
  policies: { p: { to: 'schemac_reader', using: sql`id > 0`, doc: 'Why.' }, q: { using: sql`name <> ''` } },
});
