/** A declared partition rule becomes an object that goes with its table and needs the support functions. */
import { address } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import { dependencyList } from '../../model/object.ts';
import type { PartitionRule, PartitionRuleAttributes } from './object.ts';

export interface PartitionRuleDeclaration extends PartitionRuleAttributes {
  readonly path: readonly [schema: string, table: string];
  readonly needs: readonly Address[];
}

export function declarePartitionRule({ path, needs, ...attributes }: PartitionRuleDeclaration): PartitionRule {
  const id = address('partition-rule', ...path);
  const table = address('table', ...path);
  const column = address('column', ...path, attributes.column);
  return { kind: 'partition-rule', id, path, attributes, dependsOn: dependencyList([table, column, ...needs], id), partOf: table };
}
