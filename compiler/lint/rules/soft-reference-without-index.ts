/** A reference that nothing enforces is still followed, and checked for orphans. */
import { address } from '../../model/address.ts';
import { indexShapes, servesEquality } from '../index-shapes.ts';
import { withOwners } from '../../model/object.ts';
import type { LintRule } from '../rule.ts';

export const softReferenceWithoutIndex: LintRule = {
  code: 'soft-reference-without-index',
  severity: 'warning',
  about: 'schema',
  title: 'No index begins with the columns of a soft reference.',
  explanation: [
    'A soft reference has no constraint, so no delete looks for its rows by itself. But people do: the join from the referenced',
    'side, the erasure of one user, the sampling for orphans. Without an index on the referencing columns each reads the whole table,',
    'and in a partitioned one every partition (manual §11.3 on leading columns). Suppress it where the reference is only followed forwards.',
  ].join(' '),
  example: "indexes: { sends_digest_idx: { on: 'digest_id', doc: 'Attempts to send a digest.' } }",
  check: ({ declared, state, annotation }) =>
    declared.softReferences
      .filter(({ from }) => state.has(from) && !withOwners(from, state).some((id) => annotation(id).external === true))
      .filter(({ from, fromColumns }) => !indexShapes(from, state).some((shape) => servesEquality(shape, fromColumns)))
      .map(({ from, fromColumns, to }) => {
        const columns = fromColumns.map((name) => address('column', ...(state.get(from)?.path ?? []), name));
        return {
          subject: columns[0] ?? from,
          near: columns.slice(1),
          message: `no index begins with the soft reference (${fromColumns.join(', ')}) to ${to}`,
          hint: `add an index on [${fromColumns.map((name) => `'${name}'`).join(', ')}]`,
        };
      }),
};
