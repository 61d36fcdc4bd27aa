/** Tables as rules look at them: their columns and keys, how they are partitioned, how large they are. */
import { isColumn, isPartitionRule, isPrimaryKey, isTable } from '../kinds/guards.ts';
import type { Column } from '../kinds/column/object.ts';
import type { PartitionRule } from '../kinds/partition-rule/object.ts';
import type { PrimaryKey } from '../kinds/primary-key/object.ts';
import type { Table } from '../kinds/table/object.ts';
import type { Address } from '../model/address.ts';
import { partsOf, type State } from '../model/object.ts';
import { quoteName } from '../sql/quote.ts';

export function columnsOf(table: Address, state: State): readonly Column[] {
  return partsOf(state, table).filter(isColumn);
}

export function columnOf(table: Address, name: string, state: State): Column | undefined {
  return columnsOf(table, state).find((column) => column.path.at(-1) === name);
}

export function primaryKeyOf(table: Address, state: State): PrimaryKey | undefined {
  return partsOf(state, table).find(isPrimaryKey);
}

export function partitionRuleOf(table: Address, state: State): PartitionRule | undefined {
  return partsOf(state, table).find(isPartitionRule);
}

export function tableAt(id: Address | undefined, state: State): Table | undefined {
  const object = id === undefined ? undefined : state.get(id);
  return object !== undefined && isTable(object) ? object : undefined;
}

export function isPartitionedTable(id: Address | undefined, state: State): boolean {
  return tableAt(id, state)?.attributes.partitionBy !== undefined;
}

/** The columns in a table's partition key. An expression in the key is compared whole and matches none. */
export function partitionColumns(table: Table, state: State): readonly Column[] {
  const key = /^\w+ \((.*)\)$/s.exec(table.attributes.partitionBy ?? '')?.[1];
  const parts = new Set(key?.split(', '));
  return columnsOf(table.id, state).filter((column) => parts.has(quoteName(column.path.at(-1) ?? '')));
}
