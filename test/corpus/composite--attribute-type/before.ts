import { bigint, compositeType, integer, project, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const place = compositeType('place', { attributes: { street: text(), zip: integer() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
export const zips = view('zips', { query: sql`SELECT (ROW('a', 1)::place).zip AS zip FROM ${items}` });
