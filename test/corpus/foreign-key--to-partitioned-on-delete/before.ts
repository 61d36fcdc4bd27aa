import { bigint, hash, project, references, table } from 'schemac';

export const settings = project({ postgres: 14 });
export const parents = table('parents', {
  columns: { id: bigint() },
  primaryKey: ['id'],
  partitionBy: hash('id', { modulus: 2, children: { parents_0: { remainder: 0 }, parents_1: { remainder: 1 } } }),
});
export const kids = table('kids', {
  columns: { id: bigint(), parent_id: references(() => parents, 'id', { nullable: true }) },
  primaryKey: ['id'],
});
