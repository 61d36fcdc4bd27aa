import { bigint, enumType, ofType, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const state = enumType('condition', ['a', 'b'], { renamedFrom: 'state' });
export const items = table('items', {
  columns: { id: bigint(), state: ofType(state) },
  primaryKey: ['id'],
});
