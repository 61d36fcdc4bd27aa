import { bigint, project, sequence, sql, table, text } from 'schemac';

export const settings = project({ postgres: 14 });
export const numbers = sequence('numbers', { ownedBy: { table: () => items, column: 'id' } });
export const items = table('items', {
  columns: { id: bigint({ default: sql`nextval(${numbers})` }), name: text({ nullable: true }) },
  primaryKey: ['id'],
});
