/** All that the compiler knows of declared partitions. */
import { parseAddress, pathText } from '../../model/address.ts';
import { rootOf } from '../../model/object.ts';
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { partitionAuthor } from './author.ts';
import { introspectPartitions } from './introspect.ts';
import type { Partition } from './object.ts';
import { createPartition, dropPartition, partitionRules } from './statements.ts';

function words({ attributes }: Partition): string {
  const { parent, bound, partitionBy } = attributes;
  return `of ${pathText(parseAddress(parent)?.path ?? [])} ${bound}${partitionBy === undefined ? '' : `, partitioned by ${partitionBy}`}`;
}

export const partitionKind: Kind<Partition> = {
  kind: 'partition',
  restsOnOwnerAlone: true,
  undeclared: 'kept',
  introspect: introspectPartitions,
  create: createPartition,
  drop: dropPartition,
  alter: partitionRules,
  rename: renameObject('TABLE', 'a relation'),
  describe: (partition, context) => [
    {
      node: 'note',
      id: partition.id,
      table: rootOf(partition, context.state),
      title: 'partition',
      name: partition.path[1] ?? '',
      definition: words(partition),
      ...optional('doc', context.annotation(partition.id).doc),
    },
  ],
  author: partitionAuthor,
};
