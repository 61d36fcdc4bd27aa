import { bigint, integer, project, publication, published, table, text } from 'schemac';

export const settings = project({ postgres: 15 });
export const items = table('items', { columns: { id: bigint(), n: integer() }, primaryKey: ['id'] });
export const sends = table('sends', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const feed = publication('feed', { tables: [published(() => items, { columns: ['id', 'n'] })] });
