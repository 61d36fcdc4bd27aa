/** Columns that a migration adds to tables that were there before, with the default that they get. */
import { isColumn, isDefault, isTable } from '../kinds/guards.ts';
import type { Column } from '../kinds/column/object.ts';
import type { Default } from '../kinds/default/object.ts';
import { partsOf } from '../model/object.ts';
import type { LintContext } from './rule.ts';

export interface NewColumn {
  readonly column: Column;
  readonly given: Default | undefined;
}

/** Renames make nothing and drop nothing, so a renamed column is not among them. */
export function columnsAddedToOldTables({ statements, managed, state }: LintContext): readonly NewColumn[] {
  const made = new Set(statements.flatMap((statement) => statement.makes));
  const destroyed = new Set(statements.flatMap((statement) => statement.destroys));
  return managed
    .filter(isColumn)
    .filter(({ id, partOf }) => made.has(id) && !destroyed.has(id) && partOf !== undefined && !made.has(partOf))
    .filter(({ partOf }) => [state.get(partOf ?? '')].some((owner) => owner !== undefined && isTable(owner)))
    .map((column) => ({ column, given: partsOf(state, column.id).find(isDefault) }));
}
