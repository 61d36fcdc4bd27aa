/** Policies of a table become objects. Their text may name any column of the table, so they need all of them. */
import { declarePolicy } from '../kinds/policy/declare.ts';
import { everybody, sortedGrantees } from '../kinds/grantee.ts';
import type { PolicyInput } from '../dsl/privileges.ts';
import { itemsOf } from './common-parts.ts';
import { constraintNotes } from './compose-constraints.ts';
import type { TableContext } from './compose-table.ts';
import { present } from './context.ts';
import { renderSql } from './render-sql.ts';
import { roleNames } from './role-names.ts';

type Clause = 'using' | 'withCheck';

/** The clause that a command has no use for: new rows are not found, found ones not left behind (manual: CREATE POLICY). */
const useless: { readonly [command: string]: Clause } = { select: 'withCheck', delete: 'withCheck', insert: 'using' };

export function composePolicies(inner: TableContext): void {
  for (const { name = '', input, keys } of itemsOf<PolicyInput>(inner.table.definition.policies, 'policies')) {
    const at = inner.table.origin;
    const what = `policy "${name}" of table "${inner.table.name}"`;
    const command = input.for ?? 'all';
    const needs = [...inner.columnIds.values()];
    const text = (clause: Clause): string | undefined => {
      if (input[clause] === undefined) return undefined;
      if (useless[command] === clause) {
        const message = `${what} is for ${command} and has ${clause}`;
        const hint = clause === 'using' ? 'write withCheck: an insert finds no rows' : `write using: a ${command} leaves no row behind`;
        inner.report({ code: 'policy-clause', message, hint, at, keys });
        return undefined;
      }
      const rendered = renderSql(input[clause], { at, keys: [...keys, clause], what: `${clause} of ${what}` }, inner);
      needs.push(...rendered.needs);
      return rendered.text;
    };
    const roles = roleNames(input.to, { at, keys, what }, inner);
    const object = declarePolicy({
      on: inner.id,
      path: [...inner.path, name],
      command,
      mode: input.mode ?? 'permissive',
      // PostgreSQL forgets the others where everybody is among them.
      roles: roles.length === 0 || roles.includes(everybody) ? [everybody] : sortedGrantees(roles),
      ...present({ using: text('using'), withCheck: text('withCheck') }),
      needs,
    });
    inner.names.claim({ namespaces: [`policy ${inner.path.join('.')}`], name, what, subject: object.id, at, keys });
    inner.add(object, at, keys, constraintNotes('policy', input, inner));
  }
}
