import { bigint, citext, extension, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const insensitive = extension('citext', { schema: 'public' });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }), email: citext({ nullable: true }) },
  primaryKey: ['id'],
  indexes: { items_email: { on: 'email' } },
});
