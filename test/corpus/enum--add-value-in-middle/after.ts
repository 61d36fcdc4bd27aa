import { bigint, enumType, literal, ofType, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('state', ['first', 'new', 'half', 'almost', 'done']);
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state, { default: literal('new') }) },
  primaryKey: ['id'],
});
