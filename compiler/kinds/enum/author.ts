/** An enum as source: `enumType('send_status', ['queued', 'sent'], { doc: '…' })`. */
import { callNode, textsNode, valueNode } from '../../model/source.ts';
import { declarationOf, literalOf, schemaField, type Author } from '../author.ts';
import type { Enum } from './object.ts';

export const enumAuthor: Author<Enum> = {
  writes: 'type',
  inSql: 'name',
  author: (object, context) => {
    const options = literalOf({ doc: undefined, schema: schemaField(object) }, context.fields(object.id));
    const value = callNode('enumType', valueNode(object.path[1] ?? ''), textsNode(object.attributes.values), options);
    return [declarationOf(object, 'type', 'users', value)];
  },
};
