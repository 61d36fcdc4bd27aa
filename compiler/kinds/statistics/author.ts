/** Extended statistics as source: one of the `statistics` of its table or materialized view. */
import { parseAddress } from '../../model/address.ts';
import { arrayNode, textsNode, valueNode } from '../../model/source.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { isPartitionPart } from '../statements.ts';
import type { Statistics } from './object.ts';

const allKinds = 3;

export const statisticsAuthor: Author<Statistics> = {
  writes: 'field',
  author: (statistics, context) => {
    if (isPartitionPart(statistics)) return leftOpaque(statistics, 'they are on one partition alone');
    const { on, kinds, columns, expressions, target } = statistics.attributes;
    const relation = parseAddress(on)?.path ?? [];
    if (relation[0] !== statistics.path[0]) return leftOpaque(statistics, 'they are in another schema than their table');
    const own = {
      on: arrayNode([...columns.map(valueNode), ...expressions.map((text) => context.sql(text, statistics.dependsOn))]),
      doc: undefined,
      kinds: kinds.length === 0 || kinds.length === allKinds ? undefined : textsNode(kinds),
      target: target === undefined ? undefined : valueNode(target),
    };
    const [, name = ''] = statistics.path;
    const isComputed = name === context.computedName(relation[1] ?? '', [...columns, ...expressions.map(() => 'expr')], 'stat');
    return [item(on, 'statistics', literalOf(own, context.fields(statistics.id)), { name, isComputed })];
  },
};
