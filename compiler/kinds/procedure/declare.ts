/** A declared procedure becomes an object; it needs its types and what its texts name by interpolation. */
import { address, signature, type Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import { inputTypes, type RoutineAttributes } from '../routine.ts';
import type { Procedure } from './object.ts';

export interface ProcedureDeclaration extends RoutineAttributes {
  readonly schema: string;
  readonly name: string;
  readonly needs: readonly Address[];
}

export function declareProcedure({ schema, name, needs, ...attributes }: ProcedureDeclaration): Procedure {
  const path = [schema, signature(name, inputTypes(attributes.arguments))];
  const id = address('procedure', ...path);
  return { kind: 'procedure', id, path, attributes, dependsOn: dependencyList(needs, id) };
}
