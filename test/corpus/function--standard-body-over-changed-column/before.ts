import { bigint, func, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }), amount: integer({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: {},
  returns: bigint(),
  language: 'sql',
  volatility: 'stable',
  body: sql`RETURN (SELECT max(amount) FROM ${items})`,
  doc: 'What it is for.',
});
