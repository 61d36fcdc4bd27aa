import { bigint, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), size: bigint({ nullable: true }) },
  primaryKey: ['id'],
  checks: { one: sql`size > 0`, two: sql`name IS NOT NULL OR size = 5`, three: sql`(id, size) <> (0, 0)` },
});
