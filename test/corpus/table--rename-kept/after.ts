import { bigint, project, references, table, text } from 'schemac';

export const settings = project({ postgres: 14, renames: 'expand and contract' });
export const users = table('people', {
  renamedFrom: 'users',
  columns: {
    id: bigint({ identity: 'by default' }),
    full_name: text({ renamedFrom: 'name' }),
    age: text({ nullable: true }),
    note: text({ nullable: true }),
  },
  primaryKey: ['id'],
});
export const posts = table('posts', { columns: { id: bigint(), user_id: references(() => users, 'id') }, primaryKey: ['id'] });
