import { bigint, procedure, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const clean = procedure('clean', {
  args: { up_to: bigint() },
  language: 'plpgsql',
  body: sql`BEGIN NULL; END`,
  doc: 'Cleans up.',
});
