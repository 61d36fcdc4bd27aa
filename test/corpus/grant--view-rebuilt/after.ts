import { bigint, materializedView, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const v = view('v', {
  query: sql`SELECT id, name FROM ${items}`,
  doc: 'Names.',
  grants: [
    { to: 'schemac_reader', privileges: ['select'], withGrantOption: true },
    { to: 'schemac_writer', privileges: ['update'], columns: ['name'] },
    { revokedFrom: 'owner', privileges: ['delete'] },
  ],
});
export const w = view('w', { query: sql`SELECT id FROM ${v}`, grants: [{ to: 'schemac_reader', privileges: ['select'] }] });
export const m = materializedView('m', {
  query: sql`SELECT id FROM ${items}`,
  doc: 'Ids.',
  grants: [{ to: 'schemac_reader', privileges: ['select'] }],
});
