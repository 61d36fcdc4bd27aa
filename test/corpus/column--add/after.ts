import { bigint, project, sql, table, text, timestamptz } from 'schemac';

export const settings = project({ postgres: 14 });
export const notes = table('notes', {
  doc: 'Notes.',
  columns: {
    id: bigint({ doc: 'Identifier.' }),
    body: text({ doc: 'Text.' }),
    language: text({ doc: 'Language.', default: sql`'en'` }),
    seen_at: timestamptz({ nullable: true, doc: 'When.' }),
  },
  primaryKey: ['id'],
});
