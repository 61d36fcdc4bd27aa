import { bigint, numeric, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const items = table('items', {
  columns: { id: bigint(), size: numeric({ precision: 14, scale: 4 }) },
  primaryKey: ['id'],
});
