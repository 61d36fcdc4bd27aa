/** A declared enum becomes an object, its values in the order of writing. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Enum, EnumAttributes } from './object.ts';

export interface EnumDeclaration extends EnumAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareEnum({ path, needs, ...attributes }: EnumDeclaration): Enum {
  const id = address('enum', ...path);
  return { kind: 'enum', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
