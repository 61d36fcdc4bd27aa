import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text(), old: text({ nullable: true }) },
  primaryKey: ['id'],
  grants: [
    { to: 'schemac_reader', privileges: ['select'], columns: ['id', 'name', 'old'] },
    { to: 'schemac_writer', privileges: ['update'], columns: ['old'] },
  ],
});
