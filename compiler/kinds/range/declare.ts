/** A declared range type becomes an object. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Range, RangeAttributes } from './object.ts';

export interface RangeDeclaration extends RangeAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareRange({ path, needs, ...attributes }: RangeDeclaration): Range {
  const id = address('range', ...path);
  return { kind: 'range', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
