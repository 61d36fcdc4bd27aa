import { arrayOf, bigint, compositeType, integer, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { street: text(), zip: integer() } });
export const items = table('items', { columns: { id: bigint(), visits: arrayOf(ofType(place), { nullable: true }) }, primaryKey: ['id'] });
