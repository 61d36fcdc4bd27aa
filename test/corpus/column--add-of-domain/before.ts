import { bigint, domain, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const email = domain('email', { type: text(), checks: { form: sql`VALUE LIKE '%@%'` } });
export const word = domain('word', { type: text() });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
