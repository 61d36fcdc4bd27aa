import { bigint, func, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const nextCode = func('next_code', { returns: bigint(), language: 'sql', body: sql`SELECT count(*) + 1 FROM codes` });
export const codes = table('codes', { columns: { id: bigint({ default: sql`${nextCode}()` }), name: text() }, primaryKey: ['id'] });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
