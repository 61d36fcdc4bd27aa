import { bigint, compositeType, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { street: text({ collation: 'C' }), zip: bigint() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const zips = view('zips', { query: sql`SELECT (ROW('a', 1)::place).zip AS zip FROM ${items}` });
