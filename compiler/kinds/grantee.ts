/**
 * Who has a privilege, as data, in an address and in SQL. A role's name is quoted where it must be, so
 * that PUBLIC and OWNER, written bare and in capitals, are never a role of that name.
 */
import { parseAddress, pathText } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import { quoteName } from '../sql/quote.ts';

/**
 * A role's name as an address writes it (`app_reader`, `"App Reader"`); `PUBLIC` is everybody, and
 * `OWNER` whoever owns the object, a role that is another one in every database.
 */
export type GranteeName = string;

export const everybody: GranteeName = 'PUBLIC';
export const owner: GranteeName = 'OWNER';

/** The grantee that a role is. */
export function granteeOf(role: string): GranteeName {
  return pathText([role]);
}

/** The role's own name; undefined for PUBLIC and OWNER. */
export function roleOf(grantee: GranteeName): string | undefined {
  if (grantee === everybody || grantee === owner) return undefined;
  return parseAddress(`role ${grantee}`)?.path[0];
}

/** In GRANT, REVOKE and policies. `ownedBy` is the role that owns the object where it is not the role that runs the migration. */
export function granteeSql(grantee: GranteeName, ownedBy?: string): string {
  if (grantee === everybody) return 'PUBLIC';
  if (grantee === owner) return ownedBy === undefined ? 'CURRENT_USER' : quoteName(ownedBy);
  return quoteName(roleOf(grantee) ?? '');
}

export function sortedGrantees(grantees: Iterable<GranteeName>): readonly GranteeName[] {
  return [...new Set(grantees)].sort(compareText);
}

/** The roles among grantees: what must exist on the server. */
export function rolesAmong(grantees: Iterable<GranteeName>): readonly string[] {
  return [...grantees].flatMap((grantee) => roleOf(grantee) ?? []);
}
