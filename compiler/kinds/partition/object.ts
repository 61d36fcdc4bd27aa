/**
 * A partition that the schema declares (list and hash children, sub-partitions), as an object:
 * `partition public.accounts_eu`. What it inherits is not repeated. Partitions that a rule manages
 * are no objects: they come and go with time.
 */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';
import type { RelationSettings } from '../relation-settings.ts';
import type { TableReplicaIdentity } from '../replica-identity.ts';

export interface PartitionAttributes extends RelationSettings, TableReplicaIdentity {
  /** The partitioned table, or the partition that is itself partitioned. */
  readonly parent: Address;
  /** As pg_get_expr prints it: `FOR VALUES IN ('eu')`. */
  readonly bound: string;
  /** The key by which the partition is partitioned again. */
  readonly partitionBy?: string;
  readonly storageParameters: StorageParameters;
}
export type Partition = SchemaObject<'partition', PartitionAttributes>;
