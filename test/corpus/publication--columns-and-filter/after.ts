import { bigint, integer, project, publication, published, sql, table, text } from 'schemac';

export const settings = project({ postgres: 15 });
export const items = table('items', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const sends = table('sends', { columns: { id: bigint(), kind: text(), n: integer() }, primaryKey: ['id'] });
export const feed = publication('feed', {
  tables: [
    published(() => items, { columns: ['id', 'kind'], where: sql`kind <> 'secret' AND id > 0` }),
    published(() => sends, { where: sql`n > 1` }),
  ],
  doc: 'Feed.',
});
