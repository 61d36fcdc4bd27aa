/**
 * What the statements that move a table's rows have in common: which columns are copied, by which key a
 * row is found again, and the names of the table, of its successor, and of what keeps them alike.
 */
import { address, pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf, sameJson, type SchemaObject, type State } from '../../model/object.ts';
import { limitName } from '../../sql/names.ts';
import { nameList, qualifiedName, quoteName } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { beforeSchema, nextSchema } from '../own-schemas.ts';
import { besideOf, nextId } from '../successor.ts';
import type { Table } from './object.ts';

export interface Moving {
  readonly table: Table;
  /** Quoted, with their schemas. */
  readonly old: string;
  readonly next: string;
  readonly aside: string;
  readonly follower: string;
  /** Names of the columns that are copied: PostgreSQL computes the others. */
  readonly columns: readonly string[];
  /** The columns by which a row is the same one in both. */
  readonly key: readonly string[];
  /** The primary key of the successor, by which a row that is there already is known. */
  readonly primaryKey: readonly string[];
  /** What must be there before a row comes: ids of the successor's. */
  readonly prepared: readonly Address[];
}

function primaryKeyOf(table: Address, state: State): readonly string[] {
  const key = partsOf(state, table).find(({ kind }) => kind === 'primary-key');
  return (key?.attributes as { readonly columns?: readonly string[] } | undefined)?.columns ?? [];
}

function columnsOf(table: Address, state: State): readonly SchemaObject[] {
  return partsOf(state, table).filter(({ kind }) => kind === 'column');
}

/** Rows are found again by the keys of both sides. */
function refuseWithoutKey(table: Table, [was, now]: readonly [readonly string[], readonly string[]]): void {
  if (was.length > 0 && now.length > 0) return;
  fail(
    'partitioning-stands-in-the-way',
    `the rows of ${table.id} would be moved, and it has no primary key ${was.length > 0 ? 'afterwards' : 'now'}`,
    {
      subject: table.id,
      hint: 'a row is found again by its key while the application goes on: give the table a primary key in a migration before',
    },
  );
}

function refuseOtherColumns(table: Table, { before, after }: PlanContext): void {
  const was = new Map(columnsOf(table.id, before).map((column) => [column.id, column.attributes]));
  const now = columnsOf(table.id, after);
  const first = now.find((column) => !sameJson(was.get(column.id), column.attributes))?.id ?? [...was.keys()].find((id) => !after.has(id));
  if (first === undefined) return;
  fail('partitioning-with-other-changes', `the rows of ${table.id} would be moved, and ${first} changes in the same migration`, {
    subject: table.id,
    hint: 'compile the change of the column as a migration of its own, before or after this one',
  });
}

/** Refuses a table whose rows cannot be found again, or fit into no column. */
export function refuseUnmovable(table: Table, context: PlanContext): void {
  refuseWithoutKey(table, [primaryKeyOf(table.id, context.before), primaryKeyOf(table.id, context.after)]);
  refuseOtherColumns(table, context);
}

/** The function behind our triggers on a table of that name. */
export function followerName(table: string): string {
  return limitName(`${table}_follow`);
}

export function movingOf(table: Table, context: PlanContext): Moving {
  const keys = [primaryKeyOf(table.id, context.before), primaryKeyOf(table.id, context.after)] as const;
  const name = table.path[1] ?? '';
  const stored = columnsOf(table.id, context.after).filter(
    (column) => (column.attributes as { generated?: unknown }).generated === undefined,
  );
  return {
    table,
    old: qualifiedName(table.path),
    next: qualifiedName([nextSchema, name]),
    aside: qualifiedName([beforeSchema, name]),
    follower: qualifiedName([nextSchema, followerName(name)]),
    columns: [...stored]
      .sort((left, right) => Number(left.facts?.['position'] ?? 0) - Number(right.facts?.['position'] ?? 0))
      .map(({ path }) => path[2] ?? ''),
    key: [...new Set([...keys[1], ...keys[0]])],
    primaryKey: keys[1],
    prepared: besideOf(table.id, context.after).map(({ id }) => nextId(id)),
  };
}

/** `(a.id, a.at) = (b.id, b.at)`. */
export function sameKey(key: readonly string[], left: string, right: string): string {
  const list = (row: string): string => key.map((name) => `${row}.${quoteName(name)}`).join(', ');
  return key.length === 1 ? `${list(left)} = ${list(right)}` : `(${list(left)}) = (${list(right)})`;
}

export function columnList({ columns }: Moving): string {
  return nameList(columns);
}

/** What comes after the rows are in the successor, and both are alike, needs this; no object has the id. */
export function movedMark({ table }: Moving): Address {
  return address('moved', ...table.path);
}

export function nameOf({ table }: Moving): string {
  return pathText(table.path);
}
