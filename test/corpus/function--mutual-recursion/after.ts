import { bigint, boolean, func, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const even = func('even', {
  args: { n: integer() },
  returns: boolean(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT CASE WHEN n = 0 THEN true ELSE odd(n - 1) END`,
  doc: 'What it is for.',
});
export const odd = func('odd', {
  args: { n: integer() },
  returns: boolean(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT CASE WHEN n = 0 THEN false ELSE even(n - 1) END`,
  doc: 'What it is for.',
});
