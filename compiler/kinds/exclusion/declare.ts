/** A declared exclusion constraint becomes an object that goes with its table. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Exclusion, ExclusionAttributes } from './object.ts';

export interface ExclusionDeclaration extends ExclusionAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declareExclusion({ on, path, needs, ...attributes }: ExclusionDeclaration): Exclusion {
  const id = address('exclusion', ...path);
  return { kind: 'exclusion', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
