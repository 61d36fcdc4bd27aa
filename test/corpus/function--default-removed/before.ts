import { bigint, func, literal, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: { t: text({ default: literal('x') }) },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT upper(t)`,
  doc: 'What it is for.',
});
