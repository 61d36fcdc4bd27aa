/**
 * What one grantee may do with one object, as an object: `grant table public.digests.app_reader`. It
 * holds the difference to what PostgreSQL itself gives (acldefault), which is the same on every major.
 */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { GranteeName } from '../grantee.ts';
import type { GrantedPrivilege } from '../privileges.ts';

export interface GrantAttributes {
  /** The object that it is on. */
  readonly on: Address;
  readonly grantee: GranteeName;
  /** Sorted; one entry for each privilege, and for its columns with and without grant option. */
  readonly privileges: readonly GrantedPrivilege[];
  /** What PUBLIC or the owner has by PostgreSQL's own default and has not here; sorted. */
  readonly revoked: readonly string[];
}
export type Grant = SchemaObject<'grant', GrantAttributes>;
