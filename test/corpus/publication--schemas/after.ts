import { bigint, integer, project, publication, schema, table, text } from 'schemac';

export const settings = project({ postgres: 15 });
export const other = schema('other');
export const third = schema('third');
export const away = table('away', { schema: other, columns: { id: bigint() }, primaryKey: ['id'] });
export const items = table('items', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const sends = table('sends', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const feed = publication('feed', { schemas: ['third', 'public'] });
