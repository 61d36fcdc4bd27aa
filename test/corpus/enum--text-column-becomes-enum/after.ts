import { bigint, enumType, ofType, project, sql, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['new', 'done']);
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { using: sql`state::state` }) },
  primaryKey: ['id'],
});
