import { bigint, defaultPrivileges, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const one = defaultPrivileges({ on: 'tables', to: 'schemac_reader', privileges: ['select'], withGrantOption: true });
export const two = [defaultPrivileges({ on: 'tables', to: ['schemac_reader', 'schemac_writer'], privileges: ['delete', 'select'] })];
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  grants: [{ to: 'schemac_reader', privileges: ['insert'] }],
});
