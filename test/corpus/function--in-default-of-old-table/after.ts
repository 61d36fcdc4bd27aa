import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const shout = func('shout', {
  args: {},
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper('x')`,
  doc: 'What it is for.',
});
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }), code: text({ default: sql`shout()` }) },
  primaryKey: ['id'],
});
