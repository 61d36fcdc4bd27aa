/** Row-level security with no policy shows nobody anything. */
import { isPolicy, isTable } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import type { LintRule } from '../rule.ts';

export const rowSecurityWithoutPolicy: LintRule = {
  code: 'row-security-without-policy',
  severity: 'warning',
  about: 'schema',
  title: 'A table has row-level security and no policy.',
  explanation: [
    'Once row security is enabled, a table without a policy has none that lets a row through: every role but the owner, superusers',
    'and roles with BYPASSRLS sees no row and can write none, without an error on reading (manual §5.9, default deny); with',
    "'forced' the owner too. Where that is the purpose, say so in a suppression.",
  ].join(' '),
  example: "rowSecurity: 'on', policies: { own_rows: { to: 'app', using: sql`user_id = current_setting('app.user_id')::bigint` } }",
  check: ({ managed, state }) =>
    managed
      .filter(isTable)
      .filter(({ id, attributes }) => attributes.rowSecurity !== 'off' && !partsOf(state, id).some(isPolicy))
      .map((table) => ({
        subject: table.id,
        message: `table ${pathText(table.path)} has row-level security and no policy: only its owner sees rows`,
        hint: 'declare a policy: policies: { … }',
      })),
};
