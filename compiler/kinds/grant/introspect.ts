/** How a row of privileges becomes an object; who granted them is not asked (acl.ts says why). */
import { address, parseAddress, type Address } from '../../model/address.ts';
import { flagOf, numberOf, textOf, textsOf } from '../catalog.ts';
import type { CatalogRow, Introspection, IntrospectionContext } from '../contract.ts';
import { everybody, granteeOf, owner, type GranteeName } from '../grantee.ts';
import { grantQuery } from './acl.ts';
import { ownerOfGrant } from './declare.ts';
import { grantAddress } from '../privilege-targets.ts';
import type { Grant } from './object.ts';
import { privilegeList, type SinglePrivilege } from '../privileges.ts';
import { objectClassOf } from '../privilege-targets.ts';

function granteeIn(row: CatalogRow): GranteeName {
  if (flagOf(row, 'is_public')) return everybody;
  return flagOf(row, 'is_owner') ? owner : granteeOf(textOf(row, 'role'));
}

/** The object that the ACL is of, where it is one that we describe. */
function subject(row: CatalogRow, context: IntrospectionContext): Address | undefined {
  if (flagOf(row, 'is_public_schema')) return 'schema public';
  const on = context.resolveOwn({ catalog: textOf(row, 'catalog'), oid: numberOf(row, 'oid') });
  return on === undefined || objectClassOf(on) === undefined ? undefined : on;
}

function privilegesIn(row: CatalogRow): readonly SinglePrivilege[] {
  const list = (row['privileges'] ?? []) as readonly { privilege: string; column: string | null; grantable: boolean }[];
  return list.map(({ privilege, column, grantable }) => ({
    privilege,
    ...(column === null ? {} : { column }),
    option: grantable ? 'with grant option' : 'none',
  }));
}

export const grantIntrospection: Introspection<Grant> = {
  query: ({ major }) => grantQuery(major),
  read: (row, context) => {
    const on = subject(row, context);
    const path = parseAddress(on ?? '')?.path;
    if (on === undefined || path === undefined) return undefined;
    const grantee = granteeIn(row);
    const privileges = privilegeList(privilegesIn(row));
    // A column of a view is no object; what is on one depends on the view alone, as it does anyway.
    const columns = privileges.flatMap((each) => each.columns ?? []);
    const columnIds = columns.map((column) => address('column', ...path, column)).filter(() => parseAddress(on)?.kind === 'table');
    return {
      object: {
        kind: 'grant',
        id: grantAddress(on, grantee),
        path: [...path, grantee],
        attributes: { on, grantee, privileges, revoked: textsOf(row, 'revoked') },
        dependsOn: columnIds,
        ...ownerOfGrant(on),
      },
      identities: [],
    };
  },
};
