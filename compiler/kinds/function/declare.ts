/** A declared function becomes an object; it needs its types and what its texts name by interpolation. */
import { address, signature, type Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import { inputTypes } from '../routine.ts';
import type { Function, FunctionAttributes } from './object.ts';

export interface FunctionDeclaration extends FunctionAttributes {
  readonly schema: string;
  readonly name: string;
  readonly needs: readonly Address[];
}

export function declareFunction({ schema, name, needs, ...attributes }: FunctionDeclaration): Function {
  const path = [schema, signature(name, inputTypes(attributes.arguments))];
  const id = address('function', ...path);
  return { kind: 'function', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
