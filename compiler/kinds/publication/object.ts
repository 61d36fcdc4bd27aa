/** A publication without the tables that it lists, as an object: `publication digests_feed`. */
import type { SchemaObject } from '../../model/object.ts';

export type Operation = 'insert' | 'update' | 'delete' | 'truncate';

export interface PublicationAttributes {
  /** `all tables` includes those made later; `listed` are tables (objects of their own) and whole schemas. */
  readonly of: 'all tables' | 'listed';
  /** Sorted; PostgreSQL 15 and later. */
  readonly schemas: readonly string[];
  /** In the order insert, update, delete, truncate. */
  readonly operations: readonly Operation[];
  /** Whether changes of partitions are published as their top table's. */
  readonly viaPartitionRoot: boolean;
  /** PostgreSQL 18 and later; absent where generated columns are left out. */
  readonly generatedColumns?: 'stored';
}
export type Publication = SchemaObject<'publication', PublicationAttributes>;
