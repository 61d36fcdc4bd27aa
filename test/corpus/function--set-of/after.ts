import { bigint, func, project, setOf, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: {},
  returns: setOf(bigint()),
  language: 'sql',
  rows: 7,
  volatility: 'stable',
  body: sql`SELECT id FROM ${items}`,
  doc: 'What it is for.',
});
