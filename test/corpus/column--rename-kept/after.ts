import { bigint, list, project, references, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14, comments: 'database', renames: 'expand and contract' });
export const readers = table('readers', { columns: { id: bigint() }, primaryKey: ['id'] });
export const letters = table('letters', {
  columns: {
    id: bigint({ identity: 'by default' }),
    region: text(),
    recipient: references(() => readers, 'id', { nullable: true, renamedFrom: 'reader', doc: 'Who reads it.' }),
    subject: text({ renamedFrom: 'title', default: sql`'none'`, doc: 'What it is about.' }),
  },
  primaryKey: ['id', 'region'],
  indexes: { letters_reader: { on: ['recipient', 'id'] }, letters_title: { on: sql`lower(subject)` } },
  uniques: { letters_subject_key: { columns: ['subject', 'id', 'region'] } },
  checks: { letters_title_check: sql`subject <> ''` },
  statistics: { letters_s: { on: ['recipient', 'subject'] } },
  partitionBy: list('region', { children: { letters_eu: { values: ['eu'] }, letters_us: { values: ['us'] } } }),
});
export const shown = view('shown', { query: sql`SELECT id, subject AS about FROM ${letters}` });
