/** A unique constraint as source: one of the table's `uniques`. */
import { textsNode } from '../../model/source.ts';
import { item, leftOpaque, literalOf, type Author } from '../author.ts';
import { flagNode } from '../column-source.ts';
import { keyFields } from '../key-source.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { Unique } from './object.ts';

export const uniqueAuthor: Author<Unique> = {
  writes: 'field',
  author: (key, context) => {
    if (!isTablePart(key)) return leftOpaque(key, 'it is on one partition alone');
    const { attributes } = key;
    const [, table = '', name = ''] = key.path;
    const own = {
      columns: textsNode(attributes.columns),
      doc: undefined,
      nullsNotDistinct: flagNode(attributes.nullsNotDistinct),
      ...keyFields(attributes),
    };
    const isComputed = name === context.computedName(table, attributes.columns, 'key');
    return [item(tableOf(key), 'uniques', literalOf(own, context.fields(key.id)), { name, isComputed })];
  },
};
