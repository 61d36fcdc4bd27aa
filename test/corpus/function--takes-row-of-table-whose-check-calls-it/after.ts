import { bigint, boolean, func, project, rowOf, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const fits = func('fits', {
  args: { c: rowOf(() => codes) },
  returns: boolean(),
  language: 'sql',
  volatility: 'immutable',
  body: sql`SELECT c.id > 0`,
});
export const codes = table('codes', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
  checks: { codes_fit: sql`fits(codes)` },
});
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
