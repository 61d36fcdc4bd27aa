/** A declared owner becomes an object that goes with what is owned. */
import { parseAddress, type Address } from '../../model/address.ts';
import { ownerAddress } from '../ownership.ts';
import type { Owner } from './object.ts';

export function declareOwner(on: Address, role: string): Owner {
  return {
    kind: 'owner',
    id: ownerAddress(on),
    path: parseAddress(on)?.path ?? [],
    attributes: { on, role },
    dependsOn: [on],
    partOf: on,
  };
}
