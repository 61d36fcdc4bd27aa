/** A declared opaque object becomes an object, its SQL as written. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Opaque, OpaqueAttributes } from './object.ts';

export interface OpaqueDeclaration extends Omit<OpaqueAttributes, 'owns'> {
  readonly name: string;
  readonly needs: readonly Address[];
}

export function declareOpaque({ name, needs, ...attributes }: OpaqueDeclaration): Opaque {
  const id = address('opaque', name);
  return { kind: 'opaque', id, path: [name], attributes: { ...attributes, owns: [] }, dependsOn: dependencyList(needs, id) };
}
