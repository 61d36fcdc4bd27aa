import { defaultPrivileges, integer, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const reading = defaultPrivileges({ on: 'tables', to: 'schemac_reader', privileges: ['select'] });
export const items = table('items', { columns: { id: integer(), name: text() }, primaryKey: ['id'] });
export const v = view('v', { query: sql`SELECT id FROM ${items}` });
