import { integer, project, references, self, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const groups = table('groups', {
  columns: { id: integer(), name: text() },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'a' },
    { id: 2, name: 'b' },
  ],
});
export const kinds = table('a_kinds', {
  columns: { code: text(), group_id: references(() => groups, 'id'), parent: self('code', { nullable: true }) },
  primaryKey: ['code'],
  rows: [
    { code: 'b', group_id: 1, parent: 'z' },
    { code: 'z', group_id: 2, parent: null },
  ],
});
export const items = table('items', {
  columns: { id: integer(), kind: references(() => kinds, 'code', { nullable: true }) },
  primaryKey: ['id'],
});
export const a = table('a', { columns: { id: integer() } });
