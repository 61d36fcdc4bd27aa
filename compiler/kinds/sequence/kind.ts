/** All that the compiler knows of sequences. */
import { address, parseAddress } from '../../model/address.ts';
import { optional } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { sequenceAuthor } from './author.ts';
import { introspectSequences } from './introspect.ts';
import type { Sequence } from './object.ts';
import { createSequence, dropSequence, exchangeSequence, renameSequence, sequenceRules } from './statements.ts';

function words({ attributes }: Sequence): string {
  const { type, start, increment, minimum, maximum, cycle } = attributes;
  return `${type} from ${start} by ${increment}, ${minimum} to ${maximum}${cycle ? ', then again' : ''}`;
}

function ownerTable(sequence: Sequence): string | undefined {
  const path = sequence.attributes.ownedBy === undefined ? undefined : parseAddress(sequence.attributes.ownedBy)?.path;
  return path === undefined ? undefined : address('table', ...path.slice(0, 2));
}

export const sequenceKind: Kind<Sequence> = {
  kind: 'sequence',
  introspect: introspectSequences,
  create: createSequence,
  drop: dropSequence,
  alter: sequenceRules,
  rename: renameSequence,
  exchange: exchangeSequence,
  describe: (sequence, context) => [
    {
      node: 'note',
      id: sequence.id,
      ...optional('table', ownerTable(sequence)),
      title: 'sequence',
      name: sequence.path[1] ?? '',
      definition: words(sequence),
      ...optional('doc', context.annotation(sequence.id).doc),
    },
  ],
  author: sequenceAuthor,
};
