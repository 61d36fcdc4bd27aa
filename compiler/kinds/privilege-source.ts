/** Privileges as source: what `grants` holds and `defaultPrivileges` says. No kind is named here. */
import { objectNode, textsNode, valueNode, type ObjectNode, type SourceNode } from '../model/source.ts';
import { everybody, roleOf, type GranteeName } from './grantee.ts';
import type { Privileges } from './privilege-steps.ts';
import type { GrantedPrivilege } from './privileges.ts';

/** Privileges that one literal can say: of equal columns and equal grant option. */
function groups(privileges: readonly GrantedPrivilege[]): readonly (readonly GrantedPrivilege[])[] {
  const byKey = new Map<string, GrantedPrivilege[]>();
  for (const each of privileges) {
    const key = JSON.stringify([each.columns ?? null, each.option]);
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  return [...byKey.values()];
}

/** One literal for each way in which privileges are given, and one for what is taken away; `head` comes first in each. */
export function grantLiterals(
  grantee: GranteeName,
  { privileges, revoked }: Privileges,
  head: { readonly [field: string]: SourceNode | undefined } = {},
): readonly ObjectNode[] {
  const given = groups(privileges).map((group) => {
    const columns = group[0]?.columns;
    return objectNode({
      ...head,
      to: valueNode(roleOf(grantee) ?? 'public'),
      privileges: textsNode(group.map(({ privilege }) => privilege)),
      columns: columns === undefined ? undefined : textsNode(columns),
      withGrantOption: group[0]?.option === 'with grant option' ? valueNode(true) : undefined,
    });
  });
  if (revoked.length === 0) return given;
  const revokedFrom = valueNode(grantee === everybody ? 'public' : 'owner');
  return [...given, objectNode({ ...head, revokedFrom, privileges: textsNode(revoked) })];
}
