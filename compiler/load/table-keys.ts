/**
 * The primary and unique keys of all tables with their names, worked out before anything is composed:
 * a foreign key needs the key on the other side, whichever table comes first.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { AnyTable, PrimaryKeyInput, UniqueInput } from '../dsl/table.ts';
import { itemsOf } from './common-parts.ts';
import { relationPath } from './relation-path.ts';
import type { SchemaNames } from './schema-names.ts';

export interface DeclaredKey {
  readonly form: 'primary-key' | 'unique';
  readonly id: Address;
  readonly name: string;
  readonly input: PrimaryKeyInput | UniqueInput;
  readonly keys: readonly string[];
}

export type TableKeys = ReadonlyMap<AnyTable, readonly DeclaredKey[]>;

/** Names the keys of all tables; names that were written must have been taken from the givers before. */
export function tableKeys(tables: readonly AnyTable[], names: SchemaNames): TableKeys {
  return new Map(tables.map((table) => [table, keysOf(table, names)]));
}

function keysOf(table: AnyTable, names: SchemaNames): readonly DeclaredKey[] {
  const path = relationPath(table);
  const giver = names.giver(`relation ${path[0]}`);
  const keys: DeclaredKey[] = [];
  const primary = primaryKeyOf(table);
  if (primary !== undefined) {
    const name = primary.name ?? giver.give(path[1], [], 'pkey');
    keys.push({ form: 'primary-key', id: address('primary-key', ...path, name), name, input: primary, keys: ['primaryKey'] });
  }
  for (const { name: written, input, keys: place } of itemsOf(table.definition.uniques, 'uniques')) {
    const name = written ?? giver.give(path[1], input.columns ?? [], 'key');
    keys.push({ form: 'unique', id: address('unique', ...path, name), name, input, keys: place });
  }
  return keys;
}

/** The primary key, whichever way it was written. */
export function primaryKeyOf(table: AnyTable): PrimaryKeyInput | undefined {
  const { primaryKey } = table.definition;
  return Array.isArray(primaryKey) ? { columns: primaryKey as readonly string[] } : (primaryKey as PrimaryKeyInput | undefined);
}
