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
export const one = schema('one', { doc: 'It\'s this; $$ \\ "x".' });
export const kind = enumType('kind', ['a'], { doc: 'It\'s this; $$ \\ "x".' });
export const short = domain('short', { type: text(), doc: 'It\'s this; $$ \\ "x".' });
export const numbers = sequence('numbers', { doc: 'It\'s this; $$ \\ "x".' });
export const items = table('items', {
  doc: 'It\'s this; $$ \\ "x".',
  columns: {
    id: bigint({ doc: 'It\'s this; $$ \\ "x".' }),
    name: ofType(short, { nullable: true, doc: 'It\'s this; $$ \\ "x".' }),
    parent_id: self('id', { nullable: true, constraint: { name: 'to_parent', doc: 'It\'s this; $$ \\ "x".' } }),
    room: int4range({ nullable: true }),
  },
  primaryKey: { columns: ['id'], doc: 'It\'s this; $$ \\ "x".' },
  uniques: { once: { columns: ['name'], doc: 'It\'s this; $$ \\ "x".' } },
  checks: { named: { expression: sql`name <> 'x'`, doc: 'It\'s this; $$ \\ "x".' } },
  exclusions: { rooms: { elements: [{ on: 'room', with: '&&' }], method: 'gist', doc: 'It\'s this; $$ \\ "x".' } },
  indexes: { by_room: { on: 'room', doc: 'It\'s this; $$ \\ "x".' } },
});
export const names = view('names', { query: sql`SELECT id FROM ${items}`, doc: 'It\'s this; $$ \\ "x".' });
export const totals = materializedView('totals', { query: sql`SELECT id FROM ${items}`, doc: 'It\'s this; $$ \\ "x".' });
