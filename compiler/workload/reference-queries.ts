/**
 * What is planned beside the declared queries: what PostgreSQL itself asks when a referenced row goes
 * (ri_triggers.c), which no EXPLAIN shows, and how many rows partial indexes hold.
 */
import { isColumn, isForeignKey, isIndex, isTable } from '../kinds/guards.ts';
import type { ForeignKey as ForeignKeyObject } from '../kinds/foreign-key/object.ts';
import { address, parseAddress, type Address } from '../model/address.ts';
import type { DeclaredSchema, PlacedQuery } from '../model/declared.ts';
import { stateOf, type SchemaObject } from '../model/object.ts';
import type { ReferenceCheck } from '../model/workload.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';
import type { QueryPlan } from '../model/workload.ts';

/** No declared query may have them: names of queries are words. */
const prefix = 'foreign key: ';
const partialPrefix = 'partial index: ';

/** One query for each enforced foreign key: what a DELETE of a referenced row does in the referencing table. */
export function referenceQueries(declared: DeclaredSchema): readonly PlacedQuery[] {
  const state = stateOf(declared.objects);
  const partitioned = new Set(
    declared.objects.filter(isTable).flatMap(({ id, attributes }) => (attributes.partitionBy === undefined ? [] : [id])),
  );
  return declared.objects.filter(isForeignKey).flatMap((key): readonly PlacedQuery[] => {
    const table = key.partOf ?? '';
    if (key.attributes.enforced === false || declared.annotations.get(table)?.external === true) return [];
    const types = key.attributes.columns.map((name) => typeOf(state, table, name));
    if (types.includes(undefined)) return [];
    const use = { samples: {}, types: Object.fromEntries(types.map((type, at) => [`key_${at + 1}`, type ?? ''])), budget: {} };
    const sql = statementOf(key, partitioned.has(table) ? '' : 'ONLY ');
    return [{ name: prefix + key.id, sql, purpose: '', use, placeAt: () => undefined }];
  });
}

function typeOf(state: ReadonlyMap<Address, SchemaObject>, table: Address, name: string): string | undefined {
  const column = state.get(address('column', ...(parseAddress(table)?.path ?? []), name));
  return column !== undefined && isColumn(column) ? column.attributes.type : undefined;
}

/** ONLY stands where the table has no partitions, as in ri_triggers.c. */
function statementOf({ partOf, attributes: { columns, onDelete } }: ForeignKeyObject, only: string): string {
  const table = `${only}${qualifiedName(parseAddress(partOf ?? '')?.path ?? [])}`;
  const where = columns.map((name, at) => `:key_${at + 1} OPERATOR(pg_catalog.=) ${quoteName(name)}`).join(' AND ');
  switch (onDelete) {
    case 'cascade':
      return `DELETE FROM ${table} WHERE ${where}`;
    case 'set null':
    case 'set default':
      return `UPDATE ${table} SET ${columns.map((name) => `${quoteName(name)} = ${onDelete === 'set null' ? 'NULL' : 'DEFAULT'}`).join(', ')} WHERE ${where}`;
    default:
      return `SELECT 1 FROM ${table} referencing_row WHERE ${where} FOR KEY SHARE OF referencing_row`;
  }
}

/** How many rows each partial index holds: what the planner expects of its condition. */
export function partialIndexQueries(declared: DeclaredSchema): readonly PlacedQuery[] {
  return declared.objects.filter(isIndex).flatMap(({ id, attributes: { on, where } }): readonly PlacedQuery[] => {
    if (where === undefined) return [];
    const sql = `SELECT FROM ${qualifiedName(parseAddress(on)?.path ?? [])} WHERE ${where}`;
    return [{ name: partialPrefix + id, sql, purpose: '', use: { samples: {}, types: {}, budget: {} }, placeAt: () => undefined }];
  });
}

/** Whether the subject of a diagnostic is a query that nobody declared. */
export function isReferenceQuery(subject: string): boolean {
  return subject.startsWith(`query ${prefix}`) || subject.startsWith(`query ${partialPrefix}`);
}

export interface PlansApart {
  /** Of the declared queries. */
  readonly plans: readonly QueryPlan[];
  readonly references: readonly ReferenceCheck[];
  /** Rows in partial indexes. */
  readonly partialRows: ReadonlyMap<Address, number>;
}

/** The plans of declared queries, and those that nobody declared, apart. */
export function plansApart(plans: readonly QueryPlan[]): PlansApart {
  const of = (beginning: string): readonly QueryPlan[] => plans.filter(({ query }) => query.startsWith(beginning));
  return {
    plans: plans.filter(({ query }) => !isReferenceQuery(`query ${query}`)),
    references: of(prefix).map((plan) => ({ foreignKey: plan.query.slice(prefix.length), plan })),
    partialRows: new Map(of(partialPrefix).map(({ query, rows }) => [query.slice(partialPrefix.length), rows])),
  };
}
