import { bigint, compositeType, project, schema, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const other = schema('other');
export const place = compositeType('place', { schema: other, attributes: { street: text() } });
export const items = table('items', { columns: { id: bigint() }, primaryKey: ['id'] });
