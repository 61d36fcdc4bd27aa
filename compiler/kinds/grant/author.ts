/** Privileges as source: in the `grants` of what they are on. */
import { parseAddress } from '../../model/address.ts';
import { arrayNode, callNode, objectNode, valueNode } from '../../model/source.ts';
import type { State } from '../../model/object.ts';
import { item, leftOpaque, type Author, type AuthorContext, type Piece } from '../author.ts';
import { grantLiterals } from '../privilege-source.ts';
import type { Grant } from './object.ts';
import { hasGrants } from '../privilege-targets.ts';

/** Those on the schema public, which is no object of its own, in the order of the state. */
function onPublic(state: State): readonly Grant[] {
  return [...state.values()].filter(
    (object): object is Grant => object.kind === 'grant' && (object as Grant).attributes.on === 'schema public',
  );
}

/** One declaration for all of them: the first writes it. */
function authorOfPublic(grant: Grant, { state }: AuthorContext): readonly Piece[] {
  const all = onPublic(state);
  if (all[0]?.id !== grant.id) return [];
  const grants = arrayNode(all.flatMap(({ attributes }) => grantLiterals(attributes.grantee, attributes)));
  const value = callNode('schema', valueNode('public'), objectNode({ grants }));
  return [{ piece: 'declaration', object: grant.id, value, name: 'public', noun: 'schema', home: { file: 'project' } }];
}

export const grantAuthor: Author<Grant> = {
  writes: 'field',
  author: (grant, context) => {
    const { on, grantee } = grant.attributes;
    if (on === 'schema public') return authorOfPublic(grant, context);
    if (context.isExternal(on)) return [];
    if (!hasGrants(on)) return leftOpaque(grant, `what it is on, a ${parseAddress(on)?.kind ?? ''}, is part of another declaration`);
    // They are listed without names.
    return grantLiterals(grantee, grant.attributes).map((literal) => item(on, 'grants', literal, { name: grantee, isComputed: true }));
  },
};
