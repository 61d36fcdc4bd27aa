import { bigint, domain, ofType, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const email = domain('email', { type: text() });
export const items = table('items', {
  columns: { id: bigint(), email: ofType(email, { nullable: true }) },
  primaryKey: ['id'],
});
