import { bigint, defaultPrivileges, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const reading = defaultPrivileges({ on: 'tables', madeBy: 'schemac_owner', to: 'schemac_reader', privileges: ['select', 'update'] });
export const schemas = defaultPrivileges({ on: 'schemas', madeBy: 'schemac_owner', to: 'public', privileges: ['usage'] });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
