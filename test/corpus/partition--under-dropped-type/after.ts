import { bigint, hash, project, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const visits = table('visits', {
  columns: { id: bigint() },
  primaryKey: ['id'],
  partitionBy: hash('id', { modulus: 2, children: { visits_0: { remainder: 0 }, visits_1: { remainder: 1 } } }),
});
