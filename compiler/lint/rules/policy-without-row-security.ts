/** A policy counts only where row-level security is on. */
import { isPolicy, isTable } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';

export const policyWithoutRowSecurity: LintRule = {
  code: 'policy-without-row-security',
  severity: 'warning',
  about: 'schema',
  title: 'A table has a policy and no row-level security.',
  explanation: [
    'PostgreSQL keeps policies of a table whose row security is not enabled and ignores them: every row is there for whoever has',
    'the privilege on the table (manual §5.9, ALTER TABLE). A policy that looks like protection and is none is worse than no policy.',
  ].join(' '),
  example: "rowSecurity: 'on', policies: { own_rows: { … } }",
  check: ({ managed, state }) =>
    managed.filter(isPolicy).flatMap((policy) => {
      const table = state.get(policy.partOf ?? '');
      if (table === undefined || !isTable(table) || table.attributes.rowSecurity !== 'off') return [];
      return [
        {
          subject: policy.id,
          message: `policy ${policy.path[2] ?? ''} does nothing: row-level security of ${pathText(table.path)} is off`,
          hint: "enable it: rowSecurity: 'on'",
        },
      ];
    }),
};
