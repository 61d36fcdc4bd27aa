/**
 * Which tables are filled with how many rows, and which row of which table a column refers to: the
 * declarations and the modelled database joined. Data in, data out.
 */
import { isForeignKey, isMaterializedView, isReferenceRow } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { groupBy } from './group.ts';
import { partitionTree } from './partition-tree.ts';
import type { ModelledRelation } from './database-model.ts';
import type { FilledReference, FilledTable } from './fill-table.ts';
import type { Volumes } from './volumes.ts';

export interface FillInput {
  readonly declared: DeclaredSchema;
  readonly volumes: Volumes;
  readonly seed: number;
}

/** Tables that rows are made for; those whose rows are declared, and views, are filled by what they are. */
export function filledTables(model: readonly ModelledRelation[], input: FillInput): readonly FilledTable[] {
  const { declared, volumes, seed } = input;
  const tree = partitionTree(model.map(({ relation }) => relation));
  const leaves = groupBy(
    model.filter(({ relation, rows }) => relation.form === 'table' && rows > 0),
    ({ relation }) => tree.root(relation).oid,
  );
  const roots = new Map(
    model.filter(({ relation }) => relation.parent === null).map(({ relation }) => [`${relation.schema} ${relation.name}`, relation]),
  );
  const skipped = new Set<Address>([
    ...declared.objects.filter(isMaterializedView).map(({ id }) => id),
    ...(declared.referenceTables ?? []).map(({ table }) => table),
  ]);
  const samples = samplesOf(declared);
  const made = new Map<Address, FilledTable & { readonly references: Map<string, FilledReference> }>();
  for (const volume of volumes.values()) {
    const root = roots.get(volume.path.join(' '));
    const own = root === undefined || skipped.has(volume.table) ? [] : (leaves.get(root.oid) ?? []);
    if (root === undefined || own.length === 0) continue;
    const rows = own.reduce((sum, leaf) => sum + leaf.rows, 0);
    const references = new Map<string, FilledReference>();
    made.set(volume.table, { volume, root, leaves: own, rows, seed, samples: (column) => samples.get(column) ?? [], references });
  }
  for (const { from, column, to, toColumn } of referencesOf(declared)) {
    const keys = skipped.has(to) ? keysOf(declared, to, toColumn) : [];
    const table = made.get(to);
    if (table !== undefined) made.get(from)?.references.set(column, { table, column: toColumn });
    else if (keys.length > 0) made.get(from)?.references.set(column, { keys });
  }
  return [...made.values()];
}

interface ColumnReference {
  readonly from: Address;
  readonly column: string;
  readonly to: Address;
  readonly toColumn: string;
}

/** References of one column; of those of several, the columns go along with each other by their own order. */
function referencesOf(declared: DeclaredSchema): readonly ColumnReference[] {
  const hard = declared.objects.filter(isForeignKey).map(({ partOf, attributes }) => {
    return { from: partOf ?? '', columns: attributes.columns, to: attributes.references, toColumns: attributes.referencedColumns };
  });
  const soft = declared.softReferences.map(({ from, fromColumns, to, toColumns }) => ({ from, columns: fromColumns, to, toColumns }));
  return [...soft, ...hard].flatMap(({ from, columns: [column, another], to, toColumns: [toColumn] }) =>
    column === undefined || toColumn === undefined || another !== undefined || from === to ? [] : [{ from, column, to, toColumn }],
  );
}

function keysOf(declared: DeclaredSchema, table: Address, column: string): readonly string[] {
  return declared.objects.filter(isReferenceRow).flatMap(({ partOf, attributes }) => {
    const value = partOf === table ? attributes.values[column] : undefined;
    return value === undefined || value === null ? [] : [value];
  });
}

/** Texts that queries are tried with, by the name of the parameter, which is mostly that of a column. */
function samplesOf(declared: DeclaredSchema): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { use } of declared.queries) {
    for (const [name, sample] of Object.entries(use.samples)) {
      for (const value of [sample].flat()) {
        if (typeof value === 'string') found.set(name, (found.get(name) ?? new Set()).add(value));
      }
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values]]));
}
