import { integer, project, references, self, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const groups = table('groups', {
  columns: { id: integer(), name: text() },
  primaryKey: ['id'],
  rows: [
    { id: 1, name: 'a' },
    { id: 3, name: 'c' },
  ],
});
export const kinds = table('a_kinds', {
  columns: { code: text(), group_id: references(() => groups, 'id'), parent: self('code', { nullable: true }) },
  primaryKey: ['code'],
  rows: [
    { code: 'm', group_id: 3, parent: 'y' },
    { code: 'y', group_id: 3, parent: null },
    { code: 'z', group_id: 1, parent: null },
  ],
});
export const items = table('items', {
  columns: { id: integer(), kind: references(() => kinds, 'code', { nullable: true }) },
  primaryKey: ['id'],
});
