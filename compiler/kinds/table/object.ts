/** A table without its columns and constraints, as an object: `table public.digests`. */
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';

export interface TableAttributes {
  readonly persistence: 'permanent' | 'unlogged';
  /** The partition key as PostgreSQL prints it, `RANGE (created_at)`; absent for a plain table. */
  readonly partitionBy?: string;
  readonly storageParameters: StorageParameters;
  readonly rowSecurity: 'off' | 'on' | 'forced';
}
export type Table = SchemaObject<'table', TableAttributes>;
