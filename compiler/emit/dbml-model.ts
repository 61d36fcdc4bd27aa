/**
 * What of a document DBML can hold: the choices that the printer and the verifier must make alike
 * (which references are sayable, which columns are of an enum, which group holds a table).
 */
import type { Address } from '../model/address.ts';
import type { ColumnNode, DesignDocument, EdgeNode, EnumerationNode, KeyNode, TableNode } from '../model/document.ts';
import { quoteName } from '../sql/quote.ts';
import type { Catalogue } from './catalogue.ts';

export interface Reference {
  readonly edge: EdgeNode;
  readonly from: TableNode;
  readonly to: TableNode;
}

const known = new WeakMap<Catalogue, ReadonlyMap<Address, Reference>>();

function findReferences(catalogue: Catalogue): ReadonlyMap<Address, Reference> {
  const references = new Map<Address, Reference>();
  const endpoints = new Set<string>();
  for (const edge of catalogue.edges) {
    const [from, to] = [catalogue.table(edge.from), catalogue.table(edge.to)];
    if (edge.form !== 'foreign key' || from === undefined || to === undefined) continue;
    const has = (table: Address, names: readonly string[]): boolean => {
      const columns = new Set(catalogue.columns(table).map((column) => column.name));
      return names.length > 0 && names.every((name) => columns.has(name));
    };
    if (!has(from.id, edge.fromColumns) || !has(to.id, edge.toColumns)) continue;
    const ends = [JSON.stringify([from.id, edge.fromColumns]), JSON.stringify([to.id, edge.toColumns])].sort();
    if (ends[0] === ends[1] || endpoints.has(ends.join())) continue;
    endpoints.add(ends.join());
    references.set(edge.id, { edge, from, to });
  }
  return references;
}

/**
 * The foreign keys that can be a `Ref`: DBML refuses a second one on the same endpoints (in either
 * direction), one from a column to itself, and any that names a table or column it has not seen.
 */
export function referencesOf(catalogue: Catalogue): ReadonlyMap<Address, Reference> {
  const found = known.get(catalogue) ?? findReferences(catalogue);
  known.set(catalogue, found);
  return found;
}

/** The enum that a column's type is, when the text of the type is nothing more (no array of it). */
export function enumerationOf(column: ColumnNode, catalogue: Catalogue): EnumerationNode | undefined {
  if (column.enumeration === undefined || column.type.endsWith(']')) return undefined;
  const node = catalogue.node(column.enumeration);
  return node?.node === 'enumeration' && node.form === 'enum' && node.values.length > 0 ? node : undefined;
}

export interface TableGroup {
  readonly name: string;
  readonly doc?: string;
  readonly tables: readonly TableNode[];
}

/** The groups that hold a table with columns (DBML has no other): declared ones in their order, then those that only tables name. */
export function tableGroupsOf(document: DesignDocument, catalogue: Catalogue): readonly TableGroup[] {
  const declared = new Map(document.groups.map((group) => [group.name, group]));
  for (const table of catalogue.tables) {
    if (table.group !== undefined && !declared.has(table.group)) declared.set(table.group, { name: table.group });
  }
  return [...declared.values()]
    .map((group) => ({
      ...group,
      tables: catalogue.tables.filter((table) => table.group === group.name && catalogue.columns(table.id).length > 0),
    }))
    .filter((group) => group.tables.length > 0);
}

export interface KeyItem {
  readonly form: 'column' | 'expression';
  readonly text: string;
}

/**
 * What a key is on, as DBML can say it, or nothing. A column with an order or an operator class is an
 * expression there; and beside an expression every column is one, since @dbml/core 10 moves
 * expressions before columns and an index would change its order.
 */
export function keyItems(key: KeyNode): readonly KeyItem[] | undefined {
  if (key.on.length === 0) return undefined;
  const plain = key.on.every(({ column, text }) => column !== undefined && (text === column || text === quoteName(column)));
  if (plain) return key.on.map(({ column, text }) => ({ form: 'column', text: column ?? text }));
  // An expression stands in backticks, in which nothing can be escaped; a lone carriage return is read as a line break.
  return key.on.some(({ text }) => /[`\r]/.test(text)) ? undefined : key.on.map(({ text }) => ({ form: 'expression', text }));
}

const actions = new Set(['cascade', 'restrict', 'set null', 'set default', 'no action']);

/** An action of a foreign key as DBML knows it: `SET NULL (column)` of PostgreSQL 15 is said in its plain form. */
export function referenceAction(text: string | undefined): string | undefined {
  const plain = text
    ?.toLowerCase()
    .replace(/\s*\(.*$/s, '')
    .trim();
  return plain !== undefined && actions.has(plain) ? plain : undefined;
}
