import { bigint, func, project, returnsTable, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: {},
  returns: returnsTable({ id: bigint(), name: text() }),
  language: 'sql',
  volatility: 'stable',
  body: sql`SELECT id, name FROM ${items}`,
  doc: 'What it is for.',
});
