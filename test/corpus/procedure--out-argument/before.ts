import { bigint, integer, out, procedure, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const clean = procedure('clean', {
  args: { up_to: bigint(), done: out(integer()) },
  language: 'plpgsql',
  body: sql`BEGIN done := 1; END`,
  doc: 'Cleans up.',
});
