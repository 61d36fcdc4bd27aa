/** A declared primary key becomes an object that goes with its table; it needs its columns. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { KeyAttributes } from '../attribute-types.ts';
import type { PrimaryKey } from './object.ts';

export interface PrimaryKeyDeclaration extends KeyAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  readonly needs: readonly Address[];
}

export function declarePrimaryKey({ on, path, needs, ...attributes }: PrimaryKeyDeclaration): PrimaryKey {
  const id = address('primary-key', ...path);
  return { kind: 'primary-key', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
