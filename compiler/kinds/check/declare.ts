/** A declared check becomes an object that goes with its table. It needs the columns that its text may name. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Check, CheckAttributes } from './object.ts';

export interface CheckDeclaration extends CheckAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declareCheck({ on, path, needs, ...attributes }: CheckDeclaration): Check {
  const id = address('check', ...path);
  return { kind: 'check', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
