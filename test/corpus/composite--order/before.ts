import { bigint, compositeType, domain, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { street: text(), city: text() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const other = domain('other', { type: ofType(place) });
