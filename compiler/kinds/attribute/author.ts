/** An attribute as source: one of the `attributes` of its composite type. */
import { address } from '../../model/address.ts';
import { item, literalOf, type Author } from '../author.ts';
import { collationNode, columnCall } from '../column-source.ts';
import type { Attribute } from './object.ts';

export const attributeAuthor: Author<Attribute> = {
  writes: 'field',
  author: (attribute, context) => {
    const { type, collation } = attribute.attributes;
    const options = literalOf({ doc: undefined, collation: collationNode(collation) }, context.fields(attribute.id));
    const [schema = '', owner = '', name = ''] = attribute.path;
    return [item(address('composite', schema, owner), 'attributes', columnCall(type, options, context), { name, isComputed: false })];
  },
};
