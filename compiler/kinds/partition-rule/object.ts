/**
 * The rule by which partitions are made and retired, as an object: `partition-rule public.digests`.
 * It lives in the database as a row of schemac.partition_rule.
 */
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';

export interface PartitionRuleAttributes {
  /** The column of the range key. */
  readonly column: string;
  /** Length of one partition as an interval: `1 month`. */
  readonly every: string;
  /** How many partitions are kept ready ahead of now. */
  readonly premake: number;
  /** How long rows are kept; absent where they are kept for good. */
  readonly retain?: string;
  /** What happens to a partition past retention. */
  readonly onRetire: 'keep' | 'drop' | 'archive';
  /** The schema that retired partitions move to, for `archive`. */
  readonly archiveSchema?: string;
  /** How long a retired partition is kept before it is dropped. */
  readonly grace?: string;
  /** Time zone of the partition boundaries. */
  readonly zone: string;
  /** Storage parameters of each partition. */
  readonly template: StorageParameters;
}
export type PartitionRule = SchemaObject<'partition-rule', PartitionRuleAttributes>;
