/** A declared column becomes an object; its default is an object of its own. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import { sequenceOptions } from '../sequence-options.ts';
import type { SequenceInput } from '../sequence-options.ts';
import type { Column, ColumnAttributes } from './object.ts';

export interface ColumnDeclaration extends Omit<ColumnAttributes, 'identity'> {
  readonly on: Address;
  readonly path: readonly [schema: string, table: string, name: string];
  /** Declared place, counted from 1. */
  readonly position: number;
  readonly identity?: SequenceInput & { readonly generation: 'always' | 'by default' };
  readonly needs: readonly Address[];
}

export function declareColumn({ on, path, position, identity, needs, ...rest }: ColumnDeclaration): Column {
  const id = address('column', ...path);
  const attributes: ColumnAttributes =
    identity === undefined ? rest : { ...rest, identity: { generation: identity.generation, ...sequenceOptions(rest.type, identity) } };
  return { kind: 'column', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on, facts: { position } };
}
