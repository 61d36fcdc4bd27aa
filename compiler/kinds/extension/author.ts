/** An extension as source: `extension('citext')`, beside the project's settings. */
import { address } from '../../model/address.ts';
import { callNode, declaredNode, objectNode, valueNode } from '../../model/source.ts';
import { declarationOf, type Author } from '../author.ts';
import type { Extension } from './object.ts';

export const extensionAuthor: Author<Extension> = {
  writes: 'declaration',
  author: (extension, context) => {
    const [name = ''] = extension.path;
    const { schema, version } = extension.attributes;
    const declared = address('schema', schema);
    const options = objectNode({
      schema: schema === 'public' ? undefined : context.state.has(declared) ? declaredNode(declared) : valueNode(schema),
      version: version === undefined ? undefined : valueNode(version),
    });
    return [declarationOf(extension, 'extension', { file: 'project' }, callNode('extension', valueNode(name), options))];
  },
};
