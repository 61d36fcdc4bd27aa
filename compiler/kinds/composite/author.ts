/** A composite type as source: `compositeType('address', { attributes: { … } })`. */
import { callNode, valueNode } from '../../model/source.ts';
import { declarationOf, literalOf, schemaField, type Author } from '../author.ts';
import type { Composite } from './object.ts';

export const compositeAuthor: Author<Composite> = {
  writes: 'type',
  inSql: 'name',
  author: (composite, context) => {
    const own = { doc: undefined, schema: schemaField(composite), attributes: { node: 'object', entries: [] } as const };
    const value = callNode('compositeType', valueNode(composite.path[1] ?? ''), literalOf(own, context.fields(composite.id)));
    return [declarationOf(composite, 'type', 'users', value)];
  },
};
