import { arrayOf, bigint, domain, ofType, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const email = domain('email', { type: text(), checks: { form: sql`VALUE LIKE '%@%'` } });
export const items = table('items', {
  columns: { id: bigint(), email: arrayOf(ofType(email), { nullable: true }) },
  primaryKey: ['id'],
});
