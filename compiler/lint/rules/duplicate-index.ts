/** Two indexes with one definition: one of them is only work. */
import { isTable, isMaterializedView } from '../../kinds/guards.ts';
import { compareText, sameJson } from '../../model/object.ts';
import { indexShapes, type IndexShape } from '../index-shapes.ts';
import type { LintRule } from '../rule.ts';

function sameSearch(left: IndexShape, right: IndexShape): boolean {
  const sorted = (shape: IndexShape): readonly string[] => [...shape.include].sort(compareText);
  return (
    left.method === right.method && left.where === right.where && sameJson(left.keys, right.keys) && sameJson(sorted(left), sorted(right))
  );
}

/** Whether the other one does all that this one does; of two equal ones the later by address goes. */
function makesNeedless(other: IndexShape, shape: IndexShape): boolean {
  if (other.id === shape.id || shape.form === 'constraint' || !sameSearch(other, shape) || (shape.unique && !other.unique)) return false;
  const equal = other.form === shape.form && other.unique === shape.unique;
  return !equal || other.id < shape.id;
}

export const duplicateIndex: LintRule = {
  code: 'duplicate-index',
  severity: 'warning',
  about: 'schema',
  title: 'An index repeats another index, or the index of a key.',
  explanation: [
    'PostgreSQL accepts any number of equal indexes and maintains them all (manual: CREATE INDEX); the planner uses one.',
    'Primary and unique keys have an index of their own (manual §11.6), so a further one on the same columns only costs:',
    'at one million rows the index of a uuid key is 30 to 40 MB, and each insert writes it (measured).',
  ].join(' '),
  example: "primaryKey: ['id']  // and no index on 'id' beside it",
  check: ({ managed, state }) =>
    managed
      .filter((object) => isTable(object) || isMaterializedView(object))
      .flatMap(({ id }) => {
        const shapes = indexShapes(id, state);
        return shapes.flatMap((shape) => {
          const other = shapes.find((each) => makesNeedless(each, shape));
          return other === undefined
            ? []
            : [{ subject: shape.id, message: `${shape.id} repeats ${other.id}`, hint: 'take it out of the table' }];
        });
      }),
};
