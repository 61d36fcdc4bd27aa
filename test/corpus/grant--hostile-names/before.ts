import { bigint, project, schema, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const odd = schema('Odd "s');
export const items = table('it.ems "x"; --', {
  schema: odd,
  columns: { 'i d': bigint(), name: text() },
  primaryKey: ['i d'],
  grants: [{ to: 'user', privileges: ['select'] }],
  rowSecurity: 'on',
  policies: { 'p "q"': { to: 'user', using: sql`true` } },
});
