/** An owner as source: the `ownerRole` of what is owned. */
import { parseAddress } from '../../model/address.ts';
import { valueNode } from '../../model/source.ts';
import { field, leftOpaque, type Author } from '../author.ts';
import { textTargets } from '../text-targets.ts';
import type { Owner } from './object.ts';

export const ownerAuthor: Author<Owner> = {
  writes: 'field',
  author: (owner, context) => {
    const { on, role } = owner.attributes;
    if (context.isExternal(on)) return [];
    const kind = parseAddress(on)?.kind ?? '';
    if (kind === 'partition') return leftOpaque(owner, 'it is of one partition alone');
    if (kind in textTargets || kind === 'statistics') return leftOpaque(owner, `the schema language has no owner for ${kind} objects`);
    return [field(on, 'ownerRole', valueNode(role))];
  },
};
