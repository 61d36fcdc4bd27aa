/** An index that queries read and that none of them needs: another is as good for all. */
import { isIndex } from '../../kinds/guards.ts';
import type { Address } from '../../model/address.ts';
import { indexShapes, isPrefix } from '../index-shapes.ts';
import type { LintContext, LintRule } from '../rule.ts';

interface Spare {
  readonly index: Address;
  readonly by: readonly Address[];
  readonly queries: readonly string[];
}

/**
 * What every query that reads it can do without. What stands in for it must be read already, or be a key: of an
 * index that no query reads, index-without-query says that it may go.
 */
function spared({ plans, references, state }: LintContext, index: Address): Spare | undefined {
  const all = [...plans, ...references.map(({ plan }) => plan)];
  const read = new Set(all.flatMap(({ indexes }) => indexes));
  const stays = (other: Address): boolean => {
    const object = state.get(other);
    return read.has(other) || object === undefined || !isIndex(object) || object.attributes.unique;
  };
  const readers = all.filter(({ indexes }) => indexes.includes(index));
  const spare = readers.flatMap((plan) => plan.spare?.filter((each) => each.index === index && each.by.some(stays)) ?? []);
  if (readers.length === 0 || spare.length < readers.length) return undefined;
  return { index, by: [...new Set(spare.flatMap(({ by }) => by.filter(stays)))].sort(), queries: readers.map(({ query }) => query) };
}

/** Of two that could stand for each other one stays: that with fewer columns. */
function withoutPairs(spares: readonly Spare[], columns: (index: Address) => number): readonly Spare[] {
  const going = new Set<Address>();
  for (const { index, by } of spares.toSorted((left, right) => columns(right.index) - columns(left.index))) {
    if (!by.some((other) => going.has(other))) going.add(index);
  }
  return spares.filter(({ index }) => going.has(index));
}

export const superfluousIndex: LintRule = {
  code: 'superfluous-index',
  severity: 'notice',
  about: 'schema',
  title: 'Every query that reads the index is planned as well without it.',
  explanation: [
    'The queries and checks of foreign keys that read the index were planned again without it, as declared, after churn and with ten times',
    'the rows: another index of the table serves each of them at a cost at most a tenth higher and within its budget. Each index is written',
    'with every insert and with most updates, and takes space and cache. Only declared queries are known; unique indexes are let be.',
  ].join(' '),
  example: "indexes: { digests_user_recent: { on: ['user_id', desc('created_at')], doc: '…' } }  // and none on ['user_id', 'kind']",
  check: (context) => {
    const indexes = context.managed.filter(isIndex).filter(({ attributes: { on }, id }) => {
      const shapes = indexShapes(on, context.state);
      const own = shapes.find((shape) => shape.id === id);
      // That one is the beginning of another has a finding of its own.
      return own !== undefined && !shapes.some((other) => isPrefix(own, other));
    });
    const columns = new Map(indexes.map(({ id, attributes: { keys, include } }) => [id, keys.length + include.length]));
    const spares = indexes.flatMap(({ id }) => spared(context, id) ?? []);
    return withoutPairs(spares, (index) => columns.get(index) ?? 0).map(({ index, by, queries }) => ({
      subject: index,
      message: `${index} is superfluous: ${by.join(', ')} serves ${queries.map((name) => `"${name}"`).join(', ')} as well`,
      hint: 'leave it out, or declare the query that needs it',
    }));
  },
};
