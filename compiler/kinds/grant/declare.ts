/** Declared privileges of one grantee on one object become an object that goes with that one. */
import { parseAddress, type Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { GranteeName } from '../grantee.ts';
import type { Grant } from './object.ts';
import { grantAddress } from '../privilege-targets.ts';
import { privilegeList, type SinglePrivilege } from '../privileges.ts';

export interface GrantDeclaration {
  readonly on: Address;
  readonly grantee: GranteeName;
  readonly privileges: readonly SinglePrivilege[];
  readonly revoked: readonly string[];
  /** The columns that it names, by address. */
  readonly needs: readonly Address[];
}

/** The schema public is in every database and no object of ours: nothing goes with it. */
export function ownerOfGrant(on: Address): { readonly partOf?: Address } {
  return on === 'schema public' ? {} : { partOf: on };
}

export function declareGrant({ on, grantee, privileges, revoked, needs }: GrantDeclaration): Grant {
  const id = grantAddress(on, grantee);
  const { partOf } = ownerOfGrant(on);
  return {
    kind: 'grant',
    id,
    path: [...(parseAddress(on)?.path ?? []), grantee],
    attributes: { on, grantee, privileges: privilegeList(privileges), revoked: [...new Set(revoked)].sort() },
    dependsOn: dependencyList([...(partOf === undefined ? [] : [partOf]), ...needs], id),
    ...(partOf === undefined ? {} : { partOf }),
  };
}
