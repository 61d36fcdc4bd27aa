/** All that the compiler knows of extended statistics (manual §14.2.2). */
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { statisticsAuthor } from './author.ts';
import { introspectStatistics } from './introspect.ts';
import type { Statistics } from './object.ts';
import { createStatistics, dropStatistics, statisticsBody, statisticsRules } from './statements.ts';

export const statisticsKind: Kind<Statistics> = {
  kind: 'statistics',
  introspect: introspectStatistics,
  create: createStatistics,
  drop: dropStatistics,
  alter: statisticsRules,
  rename: renameObject('STATISTICS', 'no relation'),
  namesFollow: true,
  author: statisticsAuthor,
  stake: () => 'speed',
  describe: (statistics, context) => [
    {
      node: 'note',
      id: statistics.id,
      table: statistics.attributes.on,
      title: 'statistics',
      name: statistics.path[1] ?? '',
      definition: `${statisticsBody(statistics)}${statistics.attributes.target === undefined ? '' : `, target ${statistics.attributes.target}`}`,
      ...optional('doc', context.annotation(statistics.id).doc),
    },
  ],
};
