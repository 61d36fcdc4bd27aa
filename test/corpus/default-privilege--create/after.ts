import { bigint, defaultPrivileges, enumType, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const reading = defaultPrivileges({ on: 'tables', to: 'schemac_reader', privileges: ['select'] });
export const more = defaultPrivileges({ on: 'functions', revokedFrom: 'public', privileges: ['execute'] });
export const types = defaultPrivileges({ on: 'types', revokedFrom: 'public', privileges: ['usage'] });
export const e = enumType('e', ['x']);
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const v = view('v', { query: sql`SELECT id FROM ${items}` });
