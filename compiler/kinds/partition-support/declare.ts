/** The support behind partition rules, declared by the first rule and by nobody else. */
import { address } from '../../model/address.ts';
import type { PartitionSupport } from './object.ts';
import { partitionSupportVersion } from './version.ts';

export function declarePartitionSupport(): PartitionSupport {
  return {
    kind: 'partition-support',
    id: address('partition-support', 'schemac'),
    path: ['schemac'],
    attributes: { version: partitionSupportVersion },
    dependsOn: [],
  };
}
