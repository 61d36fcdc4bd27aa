/** A table without its columns and constraints, as an object: `table public.digests`. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';
import type { RelationSettings } from '../relation-settings.ts';
import type { TableReplicaIdentity } from '../replica-identity.ts';

export interface TableAttributes extends RelationSettings, TableReplicaIdentity {
  readonly persistence: 'permanent' | 'unlogged';
  /** The partition key as PostgreSQL prints it, `RANGE (created_at)`; absent for a plain table. */
  readonly partitionBy?: string;
  readonly storageParameters: StorageParameters;
  /** Parents in order (manual §5.11); what it has from them is theirs. */
  readonly inherits?: readonly Address[];
  readonly rowSecurity: 'off' | 'on' | 'forced';
}
export type Table = SchemaObject<'table', TableAttributes>;
