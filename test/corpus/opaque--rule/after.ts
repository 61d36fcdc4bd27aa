import { bigint, opaque, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const kept = opaque('kept', {
  create: sql`CREATE RULE kept AS ON DELETE TO ${items} DO INSTEAD NOTHING`,
  drop: sql`DROP RULE kept ON ${items}`,
});
