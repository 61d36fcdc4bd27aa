/** A declared trigger becomes an object that goes with its table or view. It needs its function and the columns that it names. */
import { address, type Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { Trigger, TriggerAttributes } from './object.ts';

export interface TriggerDeclaration extends TriggerAttributes {
  readonly on: Address;
  readonly path: readonly [schema: string, relation: string, name: string];
  readonly needs: readonly Address[];
}

export function declareTrigger({ on, path, needs, ...attributes }: TriggerDeclaration): Trigger {
  const id = address('trigger', ...path);
  return { kind: 'trigger', id, path, attributes, dependsOn: dependencyList([on, ...needs], id), partOf: on };
}
