/** How partitions hang together: the declared relation that one belongs to, and which ones hold the rows of it. */
import type { PlannedRelation } from './catalog.ts';
import { groupBy } from './group.ts';

export interface PartitionTree {
  /** The relation above all others, which is the one itself where it is no partition. */
  readonly root: (relation: PlannedRelation) => PlannedRelation;
  /** The relations that hold rows of a root, in the order in which they came. */
  readonly leaves: (root: PlannedRelation) => readonly PlannedRelation[];
}

export function partitionTree(relations: readonly PlannedRelation[]): PartitionTree {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]));
  const root = (relation: PlannedRelation): PlannedRelation => {
    const parent = relation.parent === null ? undefined : byOid.get(relation.parent);
    return parent === undefined ? relation : root(parent);
  };
  const leaves = groupBy(
    relations.filter(({ form }) => form === 'table'),
    (relation) => root(relation).oid,
  );
  return { root, leaves: ({ oid }) => leaves.get(oid) ?? [] };
}
