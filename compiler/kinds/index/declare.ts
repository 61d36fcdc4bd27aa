/** A declared index becomes an object that goes with its relation. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Index, IndexAttributes } from './object.ts';

export interface IndexDeclaration extends IndexAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareIndex({ path, needs, ...attributes }: IndexDeclaration): Index {
  const id = address('index', ...path);
  return { kind: 'index', id, path, attributes, dependsOn: dependencyList([attributes.on, ...needs], id), partOf: attributes.on };
}
