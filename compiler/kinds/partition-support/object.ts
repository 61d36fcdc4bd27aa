/**
 * Our own tables and functions behind partition rules, as one object: `partition-support schemac`.
 * It exists as soon as one rule does, and its version is the only thing that can change.
 */
import type { SchemaObject } from '../../model/object.ts';

export interface PartitionSupportAttributes {
  readonly version: number;
}
export type PartitionSupport = SchemaObject<'partition-support', PartitionSupportAttributes>;
