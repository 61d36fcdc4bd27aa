import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 15 });
export const parents = table('parents', {
  columns: { id: bigint(), code: text() },
  primaryKey: ['id'],
  uniques: { parents_both: { columns: ['id', 'code'] } },
});
export const kids = table('kids', {
  columns: { id: bigint(), parent_id: bigint({ nullable: true }), code: text({ nullable: true }) },
  primaryKey: ['id'],
  foreignKeys: {
    kids_parent: {
      columns: ['parent_id', 'code'],
      references: () => parents,
      to: ['id', 'code'],
      onDelete: 'set null',
      onDeleteColumns: ['code'],
    },
  },
});
