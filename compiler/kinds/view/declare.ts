/** A declared view becomes an object; it needs what its query names by interpolation. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { View, ViewAttributes } from './object.ts';

export interface ViewDeclaration extends ViewAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareView({ path, needs, ...attributes }: ViewDeclaration): View {
  const id = address('view', ...path);
  return { kind: 'view', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
