import { bigint, integer, project, publication, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const sends = table('sends', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const feed = publication('feed', { allTables: true, doc: 'Feed.', operations: ['insert'] });
