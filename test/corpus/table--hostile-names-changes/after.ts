import { bigint, column, desc, integer, literal, name, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const archive = schema('Weird schema', { doc: 'Hostile; "names" $$ everywhere.' });
export const hostile = table('we"ird; DROP TABLE x; $$ ü \n row', {
  schema: archive,
  doc: 'It\'s; "quoted" $$ \\ and\nnewline ü.',
  columns: [
    column('select', bigint()),
    column('co"l; $$', text({ doc: "a'b $$" })),
    column('ünïcode\nline', text({ nullable: true, default: literal('it\'s $$ \\ "x"') })),
    column('$body$ %I %s', integer({ backfill: 1 })),
  ],
  primaryKey: { columns: ['select'], name: 'pk "; $$' },
  checks: {
    'check "; $$': { expression: sql`${name('co"l; $$')} <> 'it''s not $$'` },
    'se;cond "': { expression: sql`${name('select')} > 0` },
  },
  uniques: { 'unique "; %s': { columns: ['co"l; $$'] } },
  indexes: { 'second % index': { on: [desc('co"l; $$')] }, 'index "; $$ ü': { on: ['co"l; $$', 'ünïcode\nline'] } },
});
