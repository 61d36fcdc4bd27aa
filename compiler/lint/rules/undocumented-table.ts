/** Tables must say what one row of them is. */
import { isTable } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { withoutDoc } from '../undocumented.ts';

export const undocumentedTable: LintRule = {
  code: 'undocumented-table',
  severity: 'warning',
  about: 'schema',
  title: 'A table has no doc.',
  explanation: [
    'The doc is what a reader of the design document, of a diagram and of the database itself learns first: with',
    "comments: 'database' it becomes COMMENT ON TABLE (manual: COMMENT), so that psql's \\dt+ shows it.",
    'Say what one row is and when it comes into being, not what the name says already.',
    'Tables of other teams are theirs to describe and are not asked.',
  ].join(' '),
  example: "table('digests', { doc: 'One digest generated for one user and one period.', … })",
  check: (context) => withoutDoc(context.managed.filter(isTable), 'table', "say what one row is: doc: 'One …'", context),
};
