/**
 * Pieces of statements that several kinds write the same way: storage parameters, column lists,
 * deferral, the check that a reader of a plan needs no catalog for. No kind is named here.
 */
import { address, parseAddress, type Address } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import type { Hazard, Lock, LockMode, Phase } from '../model/statement.ts';
import { qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import type { Deferral, StorageParameters } from './attribute-types.ts';
import type { PlanContext } from './contract.ts';

/** The relation that a column or a constraint is on, as SQL. */
export function relationName(object: SchemaObject): string {
  return qualifiedName(object.path.slice(0, 2));
}

/** `(fillfactor='70', …)`; values are quoted since any may be a word. */
export function storageParameterList(parameters: StorageParameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name.split('.').map(quoteName).join('.')} = ${/^[0-9]+(\.[0-9]+)?$/.test(value) ? value : quoteText(value)}`)
    .join(', ');
}

export function withStorageParameters(parameters: StorageParameters): string {
  return Object.keys(parameters).length === 0 ? '' : ` WITH (${storageParameterList(parameters)})`;
}

/** `SET (…)` and `RESET (…)` that lead from one set of storage parameters to another. */
export function storageParameterChanges(before: StorageParameters, after: StorageParameters): readonly string[] {
  const changed = Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
  const gone = Object.keys(before).filter((name) => !(name in after));
  return [
    ...(Object.keys(changed).length > 0 ? [`SET (${storageParameterList(changed)})`] : []),
    ...(gone.length > 0 ? [`RESET (${gone.map((name) => name.split('.').map(quoteName).join('.')).join(', ')})`] : []),
  ];
}

export function deferralClause(deferral: Deferral): string {
  if (deferral === 'not deferrable') return '';
  return deferral === 'deferrable' ? ' DEFERRABLE' : ' DEFERRABLE INITIALLY DEFERRED';
}

export function lock(mode: LockMode, ...relations: readonly (Address | undefined)[]): readonly Lock[] {
  const found = relations.filter((relation) => relation !== undefined);
  return (found.length > 1 ? [...new Set(found)] : found).map((relation) => ({ mode, relation }));
}

/** The table that an object of a table belongs to. */
export function tableOf(object: SchemaObject): Address {
  if (object.partOf === undefined) throw new Error(`'${object.id}' belongs to no table`);
  return object.partOf;
}

/** Whether an object belongs to a table, rather than to one of its partitions alone. */
export function isTablePart(object: SchemaObject): boolean {
  return parseAddress(object.partOf ?? '')?.kind === 'table';
}

/** Whether an object belongs to one partition alone. */
export function isPartitionPart(object: SchemaObject): boolean {
  return parseAddress(object.partOf ?? '')?.kind === 'partition';
}

/** What is lost, or what may fail, in one line. */
export function hazard(name: Hazard['hazard'], subject: Address, reason: string, query?: string): Hazard {
  return { hazard: name, subject, reason, ...(query === undefined ? {} : { query }) };
}

/** Whether the table is small enough, by declaration, for the plain form of a change. */
export function isSmall(table: Address, context: PlanContext): boolean {
  const rows = context.annotation(table).expectedRows;
  return rows !== undefined && rows <= 10_000;
}

/** Whether the table existed and is partitioned, by its attributes alone. */
export function isPartitioned(table: Address, context: PlanContext): boolean {
  const attributes = (context.after.get(table) ?? context.before.get(table))?.attributes as { partitionBy?: string } | undefined;
  return attributes?.partitionBy !== undefined;
}

/** Other tables with a foreign key to this one. */
export function referencingTables(table: Address, state: PlanContext['after']): readonly Address[] {
  const tables = [...state.values()].flatMap((object) =>
    'references' in object.attributes && object.attributes.references === table && object.partOf !== undefined ? [object.partOf] : [],
  );
  return [...new Set(tables)].filter((id) => id !== table).sort();
}

/**
 * When what is on columns goes: where it goes since one of them is dropped for good, after the deploy
 * with it; old code counts on it until then.
 */
export function phaseOfDrop(object: SchemaObject, columns: readonly string[], { before, after }: PlanContext): Phase {
  const isGone = (name: string): boolean => {
    const column = address('column', ...object.path.slice(0, 2), name);
    return before.has(column) && !after.has(column);
  };
  return !after.has(object.id) && columns.some(isGone) ? 'contract' : 'expand';
}
