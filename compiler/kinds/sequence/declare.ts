/** A declared sequence becomes an object, with PostgreSQL's defaults written out (CREATE SEQUENCE, manual). */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import { sequenceOptions } from '../sequence-options.ts';
import type { SequenceInput } from '../sequence-options.ts';
import type { Sequence } from './object.ts';

export interface SequenceDeclaration extends SequenceInput {
  readonly path: readonly [schema: string, name: string];
  readonly type: string;
  readonly persistence?: 'unlogged';
  readonly ownedBy?: Address;
  readonly needs: readonly Address[];
}

export function declareSequence({ path, type, persistence, ownedBy, needs, ...input }: SequenceDeclaration): Sequence {
  const id = address('sequence', ...path);
  return {
    kind: 'sequence',
    id,
    path,
    attributes: {
      type,
      ...(persistence === undefined ? {} : { persistence }),
      ...sequenceOptions(type, input),
      ...(ownedBy === undefined ? {} : { ownedBy }),
    },
    dependsOn: dependencyList(ownedBy === undefined ? needs : [...needs, ownedBy], id),
    ...(ownedBy === undefined ? {} : { partOf: ownedBy }),
  };
}
