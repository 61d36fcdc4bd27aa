import { bigint, integer, literal, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), state: text({ default: literal('new') }), size: integer({ default: 3 }) },
  primaryKey: ['id'],
});
