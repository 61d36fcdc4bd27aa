import { bigint, column, literal, name, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text() },
  primaryKey: ['id'],
});

export const archive = schema('Weird schema', { doc: 'Hostile; "names" $$ everywhere.' });
export const hostile = table('we"ird; DROP TABLE x; $$ ü \n row', {
  schema: archive,
  doc: 'It\'s; "quoted" $$ \\ and\nnewline ü.',
  columns: [
    column('select', bigint()),
    column('co"l; $$', text({ doc: "a'b $$" })),
    column('ünïcode\nline', text({ nullable: true, default: literal('it\'s $$ \\ "x"') })),
  ],
  primaryKey: { columns: ['select'], name: 'pk "; $$' },
  checks: { 'check "; $$': { expression: sql`${name('co"l; $$')} <> 'it''s $$'` } },
  indexes: { 'index "; $$ ü': { on: ['co"l; $$', 'ünïcode\nline'] } },
});
