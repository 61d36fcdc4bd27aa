import { arrayOf, bigint, domain, literal, ofType, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const email = domain('email', { type: text(), checks: { form: sql`VALUE LIKE '%@%'` } });
export const workEmail = domain('work_email', { type: ofType(email) });
export const word = domain('word', { type: text() });
export const items = table('items', {
  columns: {
    id: bigint(),
    address: ofType(email, { nullable: true }),
    filled: ofType(email, { default: literal('@') }),
    work: ofType(workEmail, { nullable: true }),
    derived: ofType(email, { backfill: sql`'a@' || id` }),
    others: arrayOf(ofType(email), { nullable: true }),
    note: ofType(word, { nullable: true }),
  },
  primaryKey: ['id'],
});
