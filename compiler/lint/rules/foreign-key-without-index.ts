/** Each delete of a referenced row looks for its references. */
import { isForeignKey } from '../../kinds/guards.ts';
import { address, pathText } from '../../model/address.ts';
import { costText, counted } from '../../model/figures.ts';
import type { QueryPlan } from '../../model/workload.ts';
import { indexShapes, servesEquality } from '../index-shapes.ts';
import type { LintRule } from '../rule.ts';

/** Reading a table of this size whole costs nothing. */
const fewRows = 10_000;

export const foreignKeyWithoutIndex: LintRule = {
  code: 'foreign-key-without-index',
  severity: 'warning',
  about: 'schema',
  title: 'No index begins with the columns of a foreign key.',
  explanation: [
    'PostgreSQL makes an index for the referenced key but none for the referencing columns (manual §5.5.5). Every DELETE of a',
    'referenced row, and every UPDATE of its key, then reads the whole referencing table, once a row, while it holds its locks;',
    'joins from the other side do the same. An index serves when the columns lead it, in any order, and it is not partial',
    '(but for IS NOT NULL of a column). Where queries are declared, this one is planned with them: the message says what it costs. Tables with expectedRows of at most 10,000 are not asked.',
  ].join(' '),
  example: "indexes: { digests_user_id_idx: { on: 'user_id', doc: 'Digests of a user; deleting a user looks here.' } }",
  check: (context) =>
    context.managed.filter(isForeignKey).flatMap((key) => {
      const table = key.partOf ?? '';
      const { columns } = key.attributes;
      const rows = context.annotation(table).expectedRows;
      const isServed = indexShapes(table, context.state).some((shape) => servesEquality(shape, columns));
      const read = context.references.find(({ foreignKey, plan }) => foreignKey === key.id && plan.readWhole.length > 0);
      if ((rows ?? Number.POSITIVE_INFINITY) <= fewRows || (isServed && read === undefined)) return [];
      const what = isServed ? 'no index is used for' : 'no index begins with the columns of';
      const list = columns.map((name) => `'${name}'`).join(', ');
      return [
        {
          subject: key.id,
          near: columns.map((name) => address('column', ...key.path.slice(0, 2), name)),
          message: `${what} foreign key ${pathText(key.path)} (${columns.join(', ')}): deleting a referenced row reads the whole table${extent(rows, read?.plan)}`,
          hint: `add an index on [${list}]`,
        },
      ];
    }),
};

/** How much that is, where it was planned. */
function extent(rows: number | undefined, plan: QueryPlan | undefined): string {
  if (plan === undefined) return '';
  const partitions = plan.partitions === 0 ? '' : `, ${counted(plan.partitions, 'partition')}`;
  return `${rows === undefined ? '' : `, ${counted(rows, 'row')}${partitions}`}, at a cost of ${costText(plan.cost)} for each`;
}
