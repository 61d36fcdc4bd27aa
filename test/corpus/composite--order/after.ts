import { bigint, compositeType, domain, integer, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { zip: integer(), city: text(), street: text() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const other = domain('other', { type: ofType(place) });
