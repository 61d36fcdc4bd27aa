/** A declared table becomes an object; columns, keys and indexes are objects of their own. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Table, TableAttributes } from './object.ts';

export interface TableDeclaration extends TableAttributes {
  readonly path: readonly [schema: string, name: string];
  readonly needs: readonly Address[];
}

export function declareTable({ path, needs, ...attributes }: TableDeclaration): Table {
  const id = address('table', ...path);
  return { kind: 'table', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
