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
export const one = schema('one', { doc: 'It\'s that; $$ \\ "x".' });
export const kind = enumType('kind', ['a'], { doc: 'It\'s that; $$ \\ "x".' });
export const short = domain('short', { type: text(), doc: 'It\'s that; $$ \\ "x".' });
export const numbers = sequence('numbers', { doc: 'It\'s that; $$ \\ "x".' });
export const items = table('items', {
  doc: 'It\'s that; $$ \\ "x".',
  columns: {
    id: bigint({ doc: 'It\'s that; $$ \\ "x".' }),
    name: ofType(short, { nullable: true, doc: 'It\'s that; $$ \\ "x".' }),
    parent_id: self('id', { nullable: true, constraint: { name: 'to_parent', doc: 'It\'s that; $$ \\ "x".' } }),
    room: int4range({ nullable: true }),
  },
  primaryKey: { columns: ['id'], doc: 'It\'s that; $$ \\ "x".' },
  uniques: { once: { columns: ['name'], doc: 'It\'s that; $$ \\ "x".' } },
  checks: { named: { expression: sql`name <> 'x'`, doc: 'It\'s that; $$ \\ "x".' } },
  exclusions: { rooms: { elements: [{ on: 'room', with: '&&' }], method: 'gist', doc: 'It\'s that; $$ \\ "x".' } },
  indexes: { by_room: { on: 'room', doc: 'It\'s that; $$ \\ "x".' } },
});
export const names = view('names', { query: sql`SELECT id FROM ${items}`, doc: 'It\'s that; $$ \\ "x".' });
export const totals = materializedView('totals', { query: sql`SELECT id FROM ${items}`, doc: 'It\'s that; $$ \\ "x".' });
