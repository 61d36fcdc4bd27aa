import { bigint, domain, ofType, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const email = domain('email', { type: text(), checks: { form: sql`VALUE LIKE '%_@%'`, short: sql`length(VALUE) < 100` } });
export const items = table('items', {
  columns: { id: bigint(), email: ofType(email, { nullable: true }) },
  primaryKey: ['id'],
});
