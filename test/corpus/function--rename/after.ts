import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const louder = func('louder', {
  args: { t: text() },
  returns: text(),
  language: 'sql',
  volatility: 'immutable',
  renamedFrom: 'shout',
  body: sql`SELECT upper(t)`,
  doc: 'What it is for.',
});
