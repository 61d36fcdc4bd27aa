/** A declared partition becomes an object that goes with its parent. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Partition, PartitionAttributes } from './object.ts';

export interface PartitionDeclaration extends PartitionAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declarePartition({ path, needs, ...attributes }: PartitionDeclaration): Partition {
  const id = address('partition', ...path);
  return {
    kind: 'partition',
    id,
    path,
    attributes,
    dependsOn: dependencyList([attributes.parent, ...needs], id),
    partOf: attributes.parent,
  };
}
