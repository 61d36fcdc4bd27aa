/** Columns must say what they hold; those with personal data have a rule of their own. */
import { isColumn } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { withoutDoc } from '../undocumented.ts';

export const undocumentedColumn: LintRule = {
  code: 'undocumented-column',
  severity: 'warning',
  about: 'schema',
  title: 'A column has no doc.',
  explanation: [
    'Type and name of a column do not say its unit, its time zone, who writes it or what NULL means.',
    "The doc stands in the table's page, and with comments: 'database' in the catalogs (COMMENT ON COLUMN), where",
    'every client shows it. For a nullable column say when the value is missing.',
  ].join(' '),
  example: "sent_at: timestamptz({ nullable: true, doc: 'When the e-mail service took it; NULL until then.' })",
  check: (context) => {
    const columns = context.managed.filter(isColumn).filter(({ id }) => context.annotation(id).pii === undefined);
    return withoutDoc(columns, 'column', "say what it holds: doc: '…'", context);
  },
};
