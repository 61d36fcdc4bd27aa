/** An index whose keys are the beginning of another's: the longer one serves its queries. */
import { isMaterializedView, isTable } from '../../kinds/guards.ts';
import { indexShapes, isPrefix } from '../index-shapes.ts';
import type { LintRule } from '../rule.ts';

export const prefixIndex: LintRule = {
  code: 'prefix-index',
  severity: 'warning',
  about: 'schema',
  title: 'The keys of an index are the beginning of another index.',
  explanation: [
    'A B-tree on (a, b) is searched by a alone as well (manual §11.3), so one on (a) is seldom worth its writes. It is smaller, and',
    'with many equal keys far smaller because of deduplication (manual: B-Tree Indexes, Deduplication): a suppression with that reason is right where the',
    'difference was measured. Unique and partial indexes, other methods, operator classes and orders are something else and are let be.',
  ].join(' '),
  example: "indexes: { digests_user_recent: { on: ['user_id', desc('created_at')], doc: '…' } }  // and none on 'user_id' alone",
  check: ({ managed, state }) =>
    managed
      .filter((object) => isTable(object) || isMaterializedView(object))
      .flatMap(({ id }) => {
        const shapes = indexShapes(id, state);
        return shapes.flatMap((shape) => {
          const other = shapes.find((each) => isPrefix(shape, each));
          return other === undefined
            ? []
            : [
                {
                  subject: shape.id,
                  message: `${shape.id} is the beginning of ${other.id}, which serves the same queries`,
                  hint: 'take it out, or suppress it with what was measured',
                },
              ];
        });
      }),
};
