/** A comment as source: the `doc` of what it is on. */
import { valueNode } from '../../model/source.ts';
import { field, type Author } from '../author.ts';
import type { Comment } from './object.ts';

export const commentAuthor: Author<Comment> = {
  writes: 'field',
  author: ({ attributes }) => [field(attributes.on, 'doc', valueNode(attributes.text))],
};
