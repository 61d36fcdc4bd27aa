/** A comment as source: the `doc` of what it is on. */
import { parseAddress } from '../../model/address.ts';
import { valueNode } from '../../model/source.ts';
import { field, leftOpaque, type Author } from '../author.ts';
import type { Comment } from './object.ts';

export const commentAuthor: Author<Comment> = {
  writes: 'field',
  author: (comment) => {
    const { on, text } = comment.attributes;
    if (parseAddress(comment.partOf ?? on)?.kind === 'foreign-table') return leftOpaque(comment, 'it is on a foreign table');
    if (parseAddress(on)?.kind === 'index-of') return leftOpaque(comment, 'it is on the index of a constraint');
    return [field(on, 'doc', valueNode(text))];
  },
};
