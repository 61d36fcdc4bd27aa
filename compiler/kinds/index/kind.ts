/** All that the compiler knows of indexes. */
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { indexAuthor } from './author.ts';
import { columnOf, indexBody, keyText } from './clause.ts';
import { exchangeIndex } from './exchange.ts';
import { introspectIndexes } from './introspect.ts';
import type { Index } from './object.ts';
import { createIndex, dropIndex, indexRules, renameIndex, replaceIndex } from './statements.ts';

export const indexKind: Kind<Index> = {
  kind: 'index',
  stake: ({ attributes }) => (attributes.unique ? 'data' : 'speed'),
  introspect: introspectIndexes,
  create: createIndex,
  drop: dropIndex,
  alter: indexRules,
  replace: replaceIndex,
  exchange: exchangeIndex,
  rename: renameIndex,
  namesFollow: true,
  describe: (index, context) => [
    {
      node: 'key',
      id: index.id,
      table: index.attributes.on,
      name: index.path[1] ?? '',
      form: index.attributes.unique ? 'unique index' : 'index',
      method: index.attributes.method,
      on: index.attributes.keys.map((key) => ({ ...optional('column', columnOf(key)), text: keyText(key) })),
      include: index.attributes.include,
      ...optional('where', index.attributes.where),
      definition: indexBody(index),
      ...optional('doc', context.annotation(index.id).doc),
    },
  ],
  author: indexAuthor,
};
