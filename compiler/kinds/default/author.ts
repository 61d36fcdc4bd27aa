/** A default as source: the option of its column. */
import { address } from '../../model/address.ts';
import { field, type Author } from '../author.ts';
import { defaultNode } from '../default-source.ts';
import type { Default } from './object.ts';

export const defaultAuthor: Author<Default> = {
  writes: 'field',
  author: (object, context) => {
    const column = address('column', ...object.path);
    const { type = '' } = (context.state.get(column)?.attributes ?? {}) as { readonly type?: string };
    return [field(column, 'default', defaultNode(object.attributes.expression, type, object.dependsOn, context))];
  },
};
