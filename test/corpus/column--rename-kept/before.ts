import { bigint, list, project, references, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14, comments: 'database', renames: 'expand and contract' });
export const readers = table('readers', { columns: { id: bigint() }, primaryKey: ['id'] });
export const letters = table('letters', {
  columns: {
    id: bigint({ identity: 'by default' }),
    region: text(),
    reader: references(() => readers, 'id', { nullable: true, renamedFrom: 'recipient', doc: 'Who reads it.' }),
    title: text({ renamedFrom: 'subject', default: sql`'none'`, doc: 'What it is about.' }),
  },
  primaryKey: ['id', 'region'],
  indexes: { letters_reader: { on: ['reader', 'id'] }, letters_title: { on: sql`lower(title)` } },
  uniques: { letters_title_key: { columns: ['title', 'id', 'region'] } },
  checks: { letters_title_check: sql`title <> ''` },
  statistics: { letters_s: { on: ['reader', 'title'] } },
  partitionBy: list('region', { children: { letters_eu: { values: ['eu'] }, letters_us: { values: ['us'] } } }),
});
export const shown = view('shown', { query: sql`SELECT id, title AS about FROM ${letters}` });
