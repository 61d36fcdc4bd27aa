import { bigint, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const orders = table('orders', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
