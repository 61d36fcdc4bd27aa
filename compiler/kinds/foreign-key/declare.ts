/** A declared foreign key becomes an object that goes with its table; it needs the columns and the key on both sides. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { ForeignKey, ForeignKeyAttributes } from './object.ts';

export interface ForeignKeyDeclaration extends ForeignKeyAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declareForeignKey({ on, path, needs, ...attributes }: ForeignKeyDeclaration): ForeignKey {
  const id = address('foreign-key', ...path);
  return { kind: 'foreign-key', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
