import { bigint, func, project, rowOf, setOf, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: {},
  returns: setOf(rowOf(items)),
  language: 'sql',
  volatility: 'stable',
  body: sql`SELECT * FROM ${items}`,
  doc: 'What it is for.',
});
