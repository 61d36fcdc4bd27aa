/** A declared composite type becomes an object; its attributes are objects of their own. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Composite, CompositeAttributes } from './object.ts';

export interface CompositeDeclaration extends CompositeAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareComposite({ path, needs, ...attributes }: CompositeDeclaration): Composite {
  const id = address('composite', ...path);
  return { kind: 'composite', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
