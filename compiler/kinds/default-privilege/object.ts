/**
 * What a grantee may do with objects that a role makes later, as an object:
 * `default-privilege public.tables.app_reader`, with `*` for every schema and, where it is another
 * role's than the one that runs migrations, that role in front.
 */
import type { SchemaObject } from '../../model/object.ts';
import type { GranteeName } from '../grantee.ts';
import type { ObjectClass } from '../privilege-classes.ts';
import type { GrantedPrivilege } from '../privileges.ts';

export interface DefaultPrivilegeAttributes {
  /** Who makes the objects; absent for the role that runs migrations. */
  readonly role?: string;
  /** Absent for every schema. */
  readonly schema?: string;
  readonly objects: ObjectClass;
  readonly grantee: GranteeName;
  readonly privileges: readonly GrantedPrivilege[];
  /** What the grantee has by PostgreSQL's own default and not here; only where it is for every schema. */
  readonly revoked: readonly string[];
}
export type DefaultPrivilege = SchemaObject<'default-privilege', DefaultPrivilegeAttributes>;
