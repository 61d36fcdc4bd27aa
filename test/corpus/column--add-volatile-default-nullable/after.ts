import { bigint, project, sql, table, uuid } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), token: uuid({ nullable: true, default: sql`gen_random_uuid()` }) },
  primaryKey: ['id'],
});
