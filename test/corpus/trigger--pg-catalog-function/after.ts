import { bigint, name, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
  triggers: { suppress_it: { when: 'before', on: ['update'], execute: name('pg_catalog', 'suppress_redundant_updates_trigger') } },
});
