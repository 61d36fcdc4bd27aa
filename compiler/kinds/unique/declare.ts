/** A declared unique constraint becomes an object that goes with its table; it needs its columns. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Unique, UniqueAttributes } from './object.ts';

export interface UniqueDeclaration extends UniqueAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declareUnique({ on, path, needs, ...attributes }: UniqueDeclaration): Unique {
  const id = address('unique', ...path);
  return { kind: 'unique', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
