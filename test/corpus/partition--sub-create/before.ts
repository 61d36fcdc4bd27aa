import { bigint, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const others = table('others', {
  columns: { id: bigint() },
  primaryKey: ['id'],
});
