/** A primary key as source: `primaryKey: ['id']`, or a literal where there is more to say. */
import { objectNode, textsNode, valueNode } from '../../model/source.ts';
import { field, leftOpaque, literalOf, type Author } from '../author.ts';
import { keyFields } from '../key-source.ts';
import { isTablePart, tableOf } from '../statements.ts';
import type { PrimaryKey } from './object.ts';

export const primaryKeyAuthor: Author<PrimaryKey> = {
  writes: 'field',
  author: (key, context) => {
    if (!isTablePart(key)) return leftOpaque(key, 'it is on one partition alone');
    const [, table = '', name = ''] = key.path;
    const columns = textsNode(key.attributes.columns);
    const rest = literalOf(
      {
        doc: undefined,
        name: name === context.computedName(table, [], 'pkey') ? undefined : valueNode(name),
        ...keyFields(key.attributes),
      },
      context.fields(key.id),
    );
    const value =
      rest.entries.length === 0 ? columns : { ...objectNode({ columns }), entries: [{ key: 'columns', value: columns }, ...rest.entries] };
    return [field(tableOf(key), 'primaryKey', value)];
  },
};
