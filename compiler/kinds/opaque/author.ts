/** An opaque object as source, with the SQL that somebody wrote once; a live database holds none. */
import { callNode, objectNode, sqlNode, valueNode } from '../../model/source.ts';
import { declarationOf, type Author } from '../author.ts';
import type { Opaque } from './object.ts';

export const opaqueAuthor: Author<Opaque> = {
  writes: 'declaration',
  author: (opaque) => {
    const { create, drop } = opaque.attributes;
    const value = callNode('opaque', valueNode(opaque.path[0] ?? ''), objectNode({ create: sqlNode(create), drop: sqlNode(drop) }));
    return [declarationOf(opaque, 'object', { file: 'opaque' }, value)];
  },
};
