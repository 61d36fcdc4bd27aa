import { bigint, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const odd = schema('Odd "s');
export const items = table('it.ems "x"; --', {
  schema: odd,
  columns: { 'i d': bigint({ doc: 'Odd.' }), name: text() },
  primaryKey: ['i d'],
  doc: 'Odd.',
  grants: [{ to: 'Schemac "Röle"; --', privileges: ['select'], columns: ['i d'] }],
  rowSecurity: 'on',
  policies: { 'p "q"': { to: ['user', 'Schemac "Röle"; --'], using: sql`true`, doc: 'Odd.' } },
});
