/** A declared default becomes an object that goes with its column. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Default } from './object.ts';

export interface DefaultDeclaration {
  readonly path: readonly [schema: string, table: string, column: string];
  readonly expression: string;
  readonly needs: readonly Address[];
}

export function declareDefault({ path, expression, needs }: DefaultDeclaration): Default {
  const id = address('default', ...path);
  const column = address('column', ...path);
  return { kind: 'default', id, path, attributes: { expression }, dependsOn: dependencyList([column, ...needs], id), partOf: column };
}
