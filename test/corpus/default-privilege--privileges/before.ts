import { bigint, defaultPrivileges, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const reading = defaultPrivileges({ on: 'tables', to: 'schemac_reader', privileges: ['select'] });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
