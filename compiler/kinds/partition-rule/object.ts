/**
 * The rule by which partitions are made and retired, as an object: `partition-rule public.digests`.
 * It lives in the database as a row of schemac.partition_rule.
 */
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';

/** A week of missed runs, one partition a day, is caught up with in one; a clock that is wrong by years does not empty a table. */
export const usualRetireLimit = 10;

/** How each partition that a rule makes is partitioned again, at any depth. Names are what the names of parts end in. */
export interface PartitionedAgain {
  /** `HASH (user_id)`, as it was written. */
  readonly key: string;
  readonly parts: readonly { readonly name: string; readonly bound: string; readonly within?: PartitionedAgain }[];
}

/** How many tables hold the rows of one partition. */
export function leavesOf(within: PartitionedAgain | undefined): number {
  return within === undefined ? 1 : within.parts.reduce((sum, part) => sum + leavesOf(part.within), 0);
}

export interface PartitionRuleAttributes {
  /** The column of the range key. */
  readonly column: string;
  /** What a value of the key says of time, where the key is none itself: an id that holds a time, or a number. */
  readonly key?: 'uuidv7' | 'snowflake' | 'integer';
  /** Of a snowflake: the moment that it counts milliseconds from, and how many bits stand below them. */
  readonly epoch?: string;
  readonly bits?: number;
  /** Length of one partition as an interval: `1 month`; of an integer key a number; absent where another tool manages them. */
  readonly every?: string;
  /** How many partitions are kept ready ahead of now. */
  readonly premake: number;
  /** How many are kept ready behind the present one; none where absent. */
  readonly past?: number;
  /** How long rows are kept, of an integer key how many keys; absent where they are kept for good. */
  readonly retain?: string;
  /** What happens to a partition past retention. */
  readonly onRetire: 'keep' | 'drop' | 'archive';
  /** The schema that retired partitions move to, for `archive`. */
  readonly archiveSchema?: string;
  /** How long a retired partition is kept before it is dropped. */
  readonly grace?: string;
  /** How many partitions one run retires at most; 10 where absent. */
  readonly retireLimit?: number;
  /** Whether a partition is written to a file before it is dropped. */
  readonly exports?: true;
  /** Time zone of the partition boundaries. */
  readonly zone: string;
  /** Storage parameters of each partition. */
  readonly template: StorageParameters;
  /** How each new partition is partitioned again; those that are there stay as they are. */
  readonly within?: PartitionedAgain;
  /** Of each new partition; that of the table where absent. */
  readonly tablespace?: string;
  /** How often the table as a whole is analyzed, beside each time that partitions come or go. */
  readonly analyzeEvery?: string;
  /** Another tool that makes and retires the partitions, as pg_partman: they are left alone. */
  readonly managedBy?: string;
}
export type PartitionRule = SchemaObject<'partition-rule', PartitionRuleAttributes>;
