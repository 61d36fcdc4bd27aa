import { bigint, list, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const p = table('p', {
  columns: { id: bigint(), k: text() },
  partitionBy: list('k', { children: { p_a: { values: ['a'] } } }),
  grants: [{ to: 'schemac_reader', privileges: ['select'] }],
  rowSecurity: 'on',
  policies: { own: { using: sql`k = current_user` } },
});
