import { arrayOf, bigint, compositeType, domain, integer, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });

export const place = compositeType('place', {
  attributes: { street: text({ doc: 'Street and number.' }), city: text({ collation: 'C', doc: 'Town.' }) },
  doc: 'Where something is.',
});
export const visit = compositeType('visit', { attributes: { at: ofType(place), minutes: integer(), before: arrayOf(ofType(place)) } });
export const known = domain('known_place', { type: ofType(place) });
export const items = table('items', {
  columns: {
    id: bigint(),
    home: ofType(place, { nullable: true }),
    visits: arrayOf(ofType(visit), { nullable: true }),
    work: ofType(known, { nullable: true }),
  },
  primaryKey: ['id'],
});
