import { bigint, domain, enumType, materializedView, project, schema, sequence, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'] });
export const v = view('v', { query: sql`SELECT id FROM ${items}` });
export const m = materializedView('m', { query: sql`SELECT id FROM ${items}` });
export const e = enumType('e', ['x']);
export const d = domain('d', { type: text() });
export const s = sequence('s');
export const a = schema('a');
