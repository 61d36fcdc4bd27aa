/** A schema as source: `schema('archive', { doc: '…' })`, beside the project's settings. */
import { callNode, valueNode } from '../../model/source.ts';
import { declarationOf, literalOf, type Author } from '../author.ts';
import type { Schema } from './object.ts';

export const schemaAuthor: Author<Schema> = {
  writes: 'declaration',
  author: (object, context) => {
    const value = callNode('schema', valueNode(object.path[0] ?? ''), literalOf({}, context.fields(object.id)));
    return [declarationOf(object, 'schema', { file: 'project' }, value)];
  },
};
