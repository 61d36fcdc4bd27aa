/**
 * What a real database's statistics say of a table, apart from the table's own declaration: the word
 * that `schemac volumes` writes schema/volumes.ts in. Figures here count before those beside the table.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { RowsInput, ValuesInput } from './workload.ts';

export interface VolumeDefinition {
  readonly expectedRows?: RowsInput;
  /** By the column's name; what is left out here counts as it stands beside the column. */
  readonly values?: { readonly [column: string]: ValuesInput };
}

export interface VolumeDeclaration extends Declaration<'volume'> {
  readonly table: string;
  readonly definition: VolumeDefinition;
}

/** Rows and values of a table, by its address: `volume('table public.digests', { expectedRows: 255_000_000 })`. */
export function volume(table: string, definition: VolumeDefinition): VolumeDeclaration {
  return declaration('volume', { table, definition }, volume);
}
