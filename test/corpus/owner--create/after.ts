import { bigint, domain, enumType, materializedView, project, schema, sequence, sql, table, text, view } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'], ownerRole: 'schemac_owner' });
export const v = view('v', { query: sql`SELECT id FROM ${items}`, ownerRole: 'schemac_owner' });
export const m = materializedView('m', { query: sql`SELECT id FROM ${items}`, ownerRole: 'schemac_owner' });
export const e = enumType('e', ['x'], { ownerRole: 'schemac_owner' });
export const d = domain('d', { type: text(), ownerRole: 'schemac_owner' });
export const s = sequence('s', { ownerRole: 'schemac_owner' });
export const a = schema('a', { ownerRole: 'schemac_owner' });
