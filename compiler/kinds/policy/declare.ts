/** A declared policy becomes an object that goes with its table. It needs the columns that its text may name. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Policy, PolicyAttributes } from './object.ts';

export interface PolicyDeclaration extends PolicyAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declarePolicy({ on, path, needs, ...attributes }: PolicyDeclaration): Policy {
  const id = address('policy', ...path);
  return { kind: 'policy', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
