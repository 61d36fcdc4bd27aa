import { bigint, compositeType, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('location', {
  attributes: { road: text({ renamedFrom: 'street', doc: 'Street.' }), city: text() },
  renamedFrom: 'place',
});
export const items = table('items', { columns: { id: bigint(), home: ofType(place, { nullable: true }) }, primaryKey: ['id'] });
