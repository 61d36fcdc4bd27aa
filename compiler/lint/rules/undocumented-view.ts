/** Views must say what they are for. */
import { isMaterializedView, isView } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { withoutDoc } from '../undocumented.ts';

export const undocumentedView: LintRule = {
  code: 'undocumented-view',
  severity: 'warning',
  about: 'schema',
  title: 'A view or materialized view has no doc.',
  explanation: [
    'A view is an interface: other code selects from it and PostgreSQL refuses to remove or reorder its columns while it is there',
    '(manual: CREATE VIEW, OR REPLACE). Say who reads it, and for a materialized view how fresh it has to be and what refreshes it.',
  ].join(' '),
  example:
    "view('active_users', { query: sql`SELECT id FROM ${users} WHERE enabled`, doc: 'Users who may get mail; read by the scheduler.' })",
  check: (context) => {
    const views = context.managed.filter((object) => isView(object) || isMaterializedView(object));
    return withoutDoc(views, 'view', "say who reads it: doc: '…'", context);
  },
};
