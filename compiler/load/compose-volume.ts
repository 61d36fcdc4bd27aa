/**
 * Rows of tables and values of columns become annotations. Shares that no table can have are mistakes;
 * what they mean for plans is worked out much later.
 */
import type { Annotation } from '../model/declared.ts';
import type { ColumnValues } from '../model/workload.ts';
import type { BoundColumn } from '../dsl/column.ts';
import type { RowsInput } from '../dsl/workload.ts';
import type { TableContext } from './compose-table.ts';
import { present } from './context.ts';

/** The parts of an annotation that say how large a table is. */
export function volumeNotes(rows: RowsInput | undefined): Pick<Annotation, 'expectedRows' | 'volume'> {
  if (rows === undefined) return {};
  if (typeof rows === 'number') return { expectedRows: rows };
  const { now, ...volume } = rows;
  return { expectedRows: now, volume: present(volume) };
}

const isShare = (value: number | undefined): boolean => value === undefined || (value >= 0 && value <= 1);

/** Why no column can have such values: shares lie between 0 and 1, and together not above it. */
export function faultOfValues(values: ColumnValues, isColumn: (name: string) => boolean): string | undefined {
  const shares = Object.values(values.common ?? {});
  const sum = shares.reduce((total, share) => total + share, values.nulls ?? 0);
  if (!isShare(values.nulls)) return 'nulls is a share between 0 and 1';
  if (!shares.every(isShare) || sum > 1.001) return 'the shares of the common values and of NULLs are together at most 1';
  const isKnown = values.follows === undefined || isColumn(values.follows);
  return isKnown ? undefined : `follows names "${values.follows ?? ''}", which is no column of the table`;
}

/** The values as written; what no column can be is reported. */
export function checkedValues(values: ColumnValues, column: BoundColumn, inner: TableContext): ColumnValues {
  const fault = faultOfValues(values, (name) => inner.table.columns[name] !== undefined);
  if (fault !== undefined) {
    inner.report({
      code: 'impossible-values',
      message: `the values of column "${column.name}" of table "${inner.table.name}" cannot be so: ${fault}`,
      at: inner.table.origin,
      keys: ['columns', column.name, 'values'],
    });
  }
  return values;
}
