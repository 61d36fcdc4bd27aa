/** A policy as source: one of the table's `policies`. */
import { textsNode, valueNode } from '../../model/source.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { unlessUsual } from '../column-source.ts';
import { roleOf } from '../grantee.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { Policy } from './object.ts';

export const policyAuthor: Author<Policy> = {
  writes: 'field',
  author: (policy, context) => {
    if (context.isExternal(tableOf(policy))) return [];
    if (!isTablePart(policy)) return leftOpaque(policy, 'it is on one partition alone');
    const { command, mode, roles, using, withCheck } = policy.attributes;
    const text = (expression: string | undefined) => (expression === undefined ? undefined : context.sql(expression, policy.dependsOn));
    // Everybody is who it is for where nobody is named.
    const names = roles.flatMap((grantee) => roleOf(grantee) ?? []);
    const own = {
      doc: undefined,
      for: unlessUsual(command, 'all'),
      mode: unlessUsual(mode, 'permissive'),
      to: names.length === 0 ? undefined : names.length === 1 ? valueNode(names[0] ?? '') : textsNode(names),
      using: text(using),
      withCheck: text(withCheck),
    };
    const called = { name: policy.path[2] ?? '', isComputed: false };
    return [item(tableOf(policy), 'policies', literalOf(own, context.fields(policy.id)), called)];
  },
};
