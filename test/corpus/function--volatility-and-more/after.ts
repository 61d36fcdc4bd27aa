import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const shout = func('shout', {
  args: { t: text() },
  returns: text(),
  language: 'sql',
  volatility: 'stable',
  strict: true,
  parallel: 'safe',
  leakproof: true,
  cost: 7,
  security: 'definer',
  settings: { search_path: ['public', 'pg_temp'], work_mem: '8MB', 'my.own': "it's" },
  body: sql`SELECT upper(t)`,
  doc: 'What it is for.',
});
