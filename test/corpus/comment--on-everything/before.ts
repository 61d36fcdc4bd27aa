import {
  bigint,
  domain,
  enumType,
  int4range,
  materializedView,
  ofType,
  project,
  schema,
  self,
  sequence,
  sql,
  table,
  text,
  view,
} from 'schemac';

export const settings = project({ postgres: 14 });
export const one = schema('one');
export const kind = enumType('kind', ['a']);
export const short = domain('short', { type: text() });
export const numbers = sequence('numbers');
export const items = table('items', {
  columns: {
    id: bigint(),
    name: ofType(short, { nullable: true }),
    parent_id: self('id', { nullable: true, constraint: { name: 'to_parent' } }),
    room: int4range({ nullable: true }),
  },
  primaryKey: { columns: ['id'] },
  uniques: { once: { columns: ['name'] } },
  checks: { named: { expression: sql`name <> 'x'` } },
  exclusions: { rooms: { elements: [{ on: 'room', with: '&&' }], method: 'gist' } },
  indexes: { by_room: { on: 'room' } },
});
export const names = view('names', { query: sql`SELECT id FROM ${items}` });
export const totals = materializedView('totals', { query: sql`SELECT id FROM ${items}` });
