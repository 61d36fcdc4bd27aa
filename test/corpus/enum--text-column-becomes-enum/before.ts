import { bigint, enumType, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'done']);
export const items = table('items', {
  columns: { id: bigint(), state: text({ using: sql`state::text` }) },
  primaryKey: ['id'],
  checks: { known: sql`state IN ('new', 'done')` },
});
