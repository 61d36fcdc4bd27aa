/** The multirange type of a declared range type becomes an object, part of the range type. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import type { Multirange } from './object.ts';

export interface MultirangeDeclaration {
  readonly of: Address;
  readonly path: readonly [schema: string, name: string];
}

export function declareMultirange({ of, path }: MultirangeDeclaration): Multirange {
  return { kind: 'multirange', id: address('multirange', ...path), path, attributes: {}, dependsOn: [of], partOf: of };
}
