/** A declared attribute of a composite type becomes an object, part of the type. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Attribute, AttributeAttributes } from './object.ts';

export interface AttributeDeclaration extends AttributeAttributes {
  readonly of: Address;
  readonly path: readonly [schema: string, type: string, name: string];
  /** Declared place, counted from 1. */
  readonly position: number;
  readonly needs: readonly Address[];
}

export function declareAttribute({ of, path, position, needs, ...attributes }: AttributeDeclaration): Attribute {
  const id = address('attribute', ...path);
  return { kind: 'attribute', id, path, attributes, dependsOn: dependencyList([of, ...needs], id), partOf: of, facts: { position } };
}
