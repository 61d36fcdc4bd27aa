/** An index must say which query it is there for. */
import { isIndex } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';
import { withoutDoc } from '../undocumented.ts';

export const undocumentedIndex: LintRule = {
  code: 'undocumented-index',
  severity: 'warning',
  about: 'schema',
  title: 'An index has no doc.',
  explanation: [
    'Every index costs each write and keeps updates of its columns from being HOT (manual: Heap-Only Tuples): 100,000 updates of one',
    'column took 3.9 s with four secondary indexes, two of them on it, and 0.63 s with none (measured at one million rows).',
    'Nobody dares to drop an index whose purpose is forgotten. The doc names the query that it serves.',
  ].join(' '),
  example: "digests_user_recent: { on: ['user_id', desc('created_at')], doc: 'A user\\'s latest digests.' }",
  check: (context) => withoutDoc(context.managed.filter(isIndex), 'index', "name the query that it serves: doc: '…'", context),
};
