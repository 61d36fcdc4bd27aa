import { bigint, project, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: {
    id: bigint({ identity: { generation: 'always', start: 100, increment: 5, minimum: -10, maximum: 100000, cache: 10, cycle: true } }),
    name: text(),
  },
  primaryKey: ['id'],
});
