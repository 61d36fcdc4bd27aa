import {
  arrayOf,
  bigint,
  bit,
  bytea,
  char,
  inet,
  interval,
  jsonb,
  numeric,
  project,
  table,
  text,
  timestamptz,
  timetz,
  tstzrange,
  varchar,
} from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: {
    id: bigint(),
    a: arrayOf(text(), { nullable: true }),
    b: jsonb({ nullable: true }),
    c: numeric({ precision: 12, scale: 2, nullable: true }),
    d: interval({ nullable: true }),
    e: inet({ nullable: true }),
    f: tstzrange({ nullable: true }),
    g: bytea({ nullable: true }),
    h: varchar({ length: 20, nullable: true }),
    i: char({ length: 3, nullable: true }),
    j: timestamptz({ precision: 3, nullable: true }),
    k: bit({ length: 8, nullable: true }),
    l: timetz({ nullable: true }),
  },
  primaryKey: ['id'],
});
