import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const kinds = table('kinds', {
  columns: { id: bigint({ identity: 'always' }), code: text(), lang: text(), name: text() },
  primaryKey: ['id'],
  uniques: { kinds_code: { columns: ['code', 'lang'] } },
  rowsKey: ['code', 'lang'],
  rows: [
    { code: 'a.b', lang: 'de', name: 'x' },
    { code: 'a.b', lang: 'en', name: 'y' },
  ],
});
