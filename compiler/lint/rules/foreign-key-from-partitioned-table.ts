/** Each partition that comes or goes locks the table that the foreign key refers to. */
import { isForeignKey } from '../../kinds/guards.ts';
import { address, pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';
import { isPartitionedTable } from '../tables.ts';

export const foreignKeyFromPartitionedTable: LintRule = {
  code: 'foreign-key-from-partitioned-table',
  severity: 'warning',
  about: 'schema',
  title: 'A partitioned table has a foreign key.',
  explanation: [
    'Every step in the life of a partition then locks the referenced table (measured on 14 to 18): creating or attaching one takes',
    'SHARE ROW EXCLUSIVE on it, which blocks its writes; detaching, also CONCURRENTLY, the same; dropping the detached table takes',
    'ACCESS EXCLUSIVE, which blocks its reads and waits behind each of them. With a central table such as users this happens once a',
    'period for every such table. A soft reference takes no lock and is drawn and sampled all the same. Keep the constraint, with a',
    'reason in a suppression, where a cascade or the guarantee is worth it.',
  ].join(' '),
  example: "user_id: softReference(() => users, 'id', { doc: 'Who received it.' })",
  check: ({ managed, state }) =>
    managed
      .filter(isForeignKey)
      .filter(({ partOf, attributes }) => isPartitionedTable(partOf, state) && !isPartitionedTable(attributes.references, state))
      .map((key) => ({
        subject: key.id,
        near: key.attributes.columns.map((name) => address('column', ...key.path.slice(0, 2), name)),
        message: `foreign key ${pathText(key.path)} makes each new or retired partition lock ${key.attributes.references}`,
        hint: 'use softReference(…), or suppress it with what the guarantee is worth',
      })),
};
