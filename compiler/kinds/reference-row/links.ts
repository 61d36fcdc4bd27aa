/** Which row refers to which: what orders the statements on rows of several tables, or of one that refers to itself. */
import type { Address } from '../../model/address.ts';
import { dependencyList, partsOf, stateOf, type SchemaObject } from '../../model/object.ts';
import type { ReferenceRow } from './object.ts';

interface Reference {
  readonly columns: readonly string[];
  readonly references: Address;
  readonly referencedColumns: readonly string[];
}

function isReference(attributes: object): attributes is Reference {
  return 'references' in attributes && 'referencedColumns' in attributes;
}

function valuesOf({ attributes }: ReferenceRow, columns: readonly string[]): string | undefined {
  const values = columns.map((name) => attributes.values[name]);
  return values.some((value) => value === null || value === undefined) ? undefined : JSON.stringify(values);
}

/** The rows with the rows that they refer to among what they depend on. `others` are the objects that they live among. */
export function linkRows(rows: readonly ReferenceRow[], others: Iterable<SchemaObject>): readonly ReferenceRow[] {
  if (rows.length === 0) return rows;
  const state = stateOf(others);
  const known = new Map<string, Map<string, Address>>();
  const find = (table: Address, columns: readonly string[], wanted: string): Address | undefined => {
    const name = JSON.stringify([table, columns]);
    let index = known.get(name);
    if (index === undefined) {
      index = new Map(rows.filter((row) => row.partOf === table).map((row) => [valuesOf(row, columns) ?? '', row.id]));
      known.set(name, index);
    }
    return index.get(wanted);
  };
  return rows.map((row) => {
    const references = partsOf(state, row.partOf ?? '')
      .map(({ attributes }) => attributes)
      .filter(isReference);
    const needed = references.flatMap(({ columns, references: table, referencedColumns }) => {
      const wanted = valuesOf(row, columns);
      return wanted === undefined ? [] : (find(table, referencedColumns, wanted) ?? []);
    });
    return needed.length === 0 ? row : { ...row, dependsOn: dependencyList([...row.dependsOn, ...needed], row.id) };
  });
}
