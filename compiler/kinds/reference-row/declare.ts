/** A declared row becomes an object, part of its table; its values are texts that PostgreSQL has yet to spell. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { ReferenceRow, ReferenceRowAttributes } from './object.ts';

export interface ReferenceRowDeclaration extends ReferenceRowAttributes {
  readonly table: Address;
  readonly path: readonly [schema: string, table: string];
}

export function declareReferenceRow({ table, path, key, values }: ReferenceRowDeclaration): ReferenceRow {
  const full = [...path, ...key.map((name) => values[name] ?? '')];
  const id = address('reference-row', ...full);
  const columns = Object.keys(values).map((name) => address('column', ...path, name));
  return {
    kind: 'reference-row',
    id,
    path: full,
    attributes: { key, values },
    dependsOn: dependencyList([table, ...columns], id),
    partOf: table,
  };
}
