import { bigint, project, sequence, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
export const numbers = sequence('numbers', { start: 10, increment: 2, minimum: 1, maximum: 5000, cache: 5, cycle: true, doc: 'Numbers.' });
