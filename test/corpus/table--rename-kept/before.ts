import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14, renames: 'expand and contract' });
export const users = table('users', {
  renamedFrom: 'people',
  columns: { id: bigint({ identity: 'by default' }), name: text({ renamedFrom: 'full_name' }), note: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const posts = table('posts', { columns: { id: bigint(), user_id: references(() => users, 'id') }, primaryKey: ['id'] });
