import { bigint, materializedView, project, sql, table, varchar } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: varchar({ length: 20 }) },
  primaryKey: ['id'],
});
export const names = materializedView('names', {
  query: sql`SELECT id, name FROM ${items} WHERE name = 'x'`,
  indexes: { names_id: { on: 'id', unique: true } },
});
