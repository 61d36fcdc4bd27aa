import { arrayOf, bigint, enumType, func, integer, ofType, procedure, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const odd = schema('Odd "schema"');
export const mood = enumType('Weird.Type', ['a', 'b'], { schema: odd });
export const f = func('Total (all), "x"', {
  schema: odd,
  args: { order: ofType(mood), "it's": arrayOf(ofType(mood)) },
  returns: arrayOf(ofType(mood)),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT ARRAY[$1] || $2 -- $$ $body0$ 'it''s' \\ ;`,
  doc: 'It\'s "odd"; $$.',
});
export const p = procedure('order', { args: { select: integer() }, language: 'plpgsql', body: 'BEGIN NULL; END -- $$', doc: '$$' });
