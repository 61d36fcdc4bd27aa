import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint(), code: text() },
  primaryKey: ['id'],
  uniques: { parents_both: { columns: ['id', 'code'] } },
});
export const kids = table('kids', {
  columns: {
    id: bigint(),
    parent_id: references(() => parents, 'id', { nullable: true, constraint: { name: 'of_parent', renamedFrom: 'to_parent' } }),
    code: text({ nullable: true }),
  },
  primaryKey: ['id'],
});
