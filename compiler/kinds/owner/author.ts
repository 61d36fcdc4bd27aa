/** An owner as source: the `ownerRole` of what is owned. */
import { parseAddress } from '../../model/address.ts';
import { valueNode } from '../../model/source.ts';
import { field, leftOpaque, type Author } from '../author.ts';
import type { Owner } from './object.ts';

export const ownerAuthor: Author<Owner> = {
  writes: 'field',
  author: (owner, context) => {
    const { on, role } = owner.attributes;
    if (context.isExternal(on)) return [];
    if (parseAddress(on)?.kind === 'partition') return leftOpaque(owner, 'it is of one partition alone');
    return [field(on, 'ownerRole', valueNode(role))];
  },
};
