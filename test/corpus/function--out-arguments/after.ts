import { arrayOf, bigint, func, inout, integer, out, project, sql, table, text, variadic } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: { n: inout(integer()), t: out(text()) },
  returns: 'record',
  language: 'sql',
  body: sql`SELECT 1, 'a'`,
  doc: 'What it is for.',
});
export const countAll = func('count_all', {
  args: { xs: variadic(arrayOf(text())) },
  returns: integer(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT cardinality(xs)`,
  doc: 'What it is for.',
});
export const plus = func('plus', {
  args: [integer(), integer()],
  returns: integer(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT $1 + $2`,
  doc: 'What it is for.',
});
