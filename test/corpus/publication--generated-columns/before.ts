import { bigint, integer, project, publication, sql, table } from 'schemac';

export const settings = project({ postgres: 18 });
export const items = table('items', {
  columns: { id: bigint(), n: integer(), twice: integer({ generated: sql`n * 2` }) },
  primaryKey: ['id'],
});
export const sends = table('sends', {
  columns: { id: bigint(), n: integer(), twice: integer({ generated: sql`n * 2` }) },
  primaryKey: ['id'],
});
export const feed = publication('feed', { tables: [items] });
