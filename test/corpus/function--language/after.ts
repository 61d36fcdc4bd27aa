import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: { t: text() },
  returns: text(),
  language: 'plpgsql',
  volatility: 'immutable',
  body: sql`BEGIN RETURN upper(t); END`,
  doc: 'What it is for.',
});
