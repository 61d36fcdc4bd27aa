import { bigint, integer, project, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), kind: text(), period: integer(), title: text() },
  primaryKey: ['id'],
  statistics: {
    items_kind_period: { on: ['period', 'kind'], kinds: ['ndistinct', 'mcv'], doc: 'They go together.' },
    items_lower: { on: [sql`lower(title)`] },
    items_mixed: { on: ['title', sql`period + 1`, sql`lower(kind)`, 'kind'], target: 500 },
  },
});
