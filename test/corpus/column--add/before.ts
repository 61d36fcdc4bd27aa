import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const notes = table('notes', {
  doc: 'Notes.',
  columns: { id: bigint({ doc: 'Identifier.' }), body: text({ doc: 'Text.' }) },
  primaryKey: ['id'],
});
