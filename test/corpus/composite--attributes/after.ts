import { bigint, compositeType, integer, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { city: text(), zip: integer(), country: text() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
