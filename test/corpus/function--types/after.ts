import { arrayOf, bigint, customType, func, integer, numeric, project, references, sql, table, text, timestamptz, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const f = func('f', {
  args: {
    a: varchar({ length: 20 }),
    b: timestamptz({ precision: 3 }),
    c: numeric({ precision: 10, scale: 2 }),
    d: arrayOf(integer()),
    e: customType('int4')(),
    g: customType('"char"')(),
    h: customType('varchar(3)[]')(),
    i: references(() => items, 'id'),
  },
  returns: 'void',
  language: 'plpgsql',
  body: sql`BEGIN END`,
});
