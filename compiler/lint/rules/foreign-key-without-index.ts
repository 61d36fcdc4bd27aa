/** Each delete of a referenced row looks for its references. */
import { isForeignKey } from '../../kinds/guards.ts';
import { address, pathText } from '../../model/address.ts';
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
    '(but for IS NOT NULL of a column). Tables with expectedRows of at most 10,000 are not asked.',
  ].join(' '),
  example: "indexes: { digests_user_id_idx: { on: 'user_id', doc: 'Digests of a user; deleting a user looks here.' } }",
  check: ({ managed, state, annotation }) =>
    managed.filter(isForeignKey).flatMap((key) => {
      const table = key.partOf ?? '';
      const { columns } = key.attributes;
      const small = (annotation(table).expectedRows ?? Number.POSITIVE_INFINITY) <= fewRows;
      if (small || indexShapes(table, state).some((shape) => servesEquality(shape, columns))) return [];
      return [
        {
          subject: key.id,
          near: columns.map((name) => address('column', ...key.path.slice(0, 2), name)),
          message: `no index begins with the columns of foreign key ${pathText(key.path)} (${columns.join(', ')}): deleting a referenced row reads the whole table`,
          hint: `add an index on [${columns.map((name) => `'${name}'`).join(', ')}]`,
        },
      ];
    }),
};
