/**
 * Which combinations of values satisfy the conditions of a group of columns: PostgreSQL itself
 * filters a bounded cross product of candidates. One query a group; no row is tried that a condition
 * already refuses.
 */
import { nameList, quoteName } from '../sql/quote.ts';
import type { Engine, EngineRow } from '../engine/engine.ts';
import type { Condition, SeedColumn } from './row-catalog.ts';
import { guarded } from './row-guard.ts';

/** Candidates for one column, as SQL expressions. */
export interface ValueSource {
  readonly source: 'values';
  readonly column: SeedColumn;
  readonly values: readonly string[];
}

/** Rows of a table that columns refer to. */
export interface RowSource {
  readonly source: 'rows';
  readonly columns: readonly string[];
  readonly table: string;
  readonly targetColumns: readonly string[];
  /** Whether all columns null will do. */
  readonly mayBeNull: boolean;
}

export type Source = ValueSource | RowSource;

export interface Search {
  readonly sources: readonly Source[];
  readonly generated: readonly SeedColumn[];
  readonly conditions: readonly Condition[];
}

/** Values by column name, as PostgreSQL prints them. */
export type Tuple = EngineRow;

const mostCombinations = 20_000;
const mostTuples = 200;
const mostRows = 6;
/** Beyond so many sources each gets one value, or two to its power would be too many combinations. */
const mostSources = 12;
/** Nulls come last: a row with a value proves more. */
const nullOrdinal = 1000;

/** Tuples that satisfy the conditions, such first that differ in every column; none where there are none. */
export async function searchTuples(engine: Engine, search: Search): Promise<readonly Tuple[]> {
  const first = await guarded(engine, searchQuery(search));
  if (first.outcome === 'done') return distinctFirst(first.rows);
  const sources: Source[] = [];
  for (const source of search.sources) sources.push(await withoutInvalid(engine, source));
  const second = await guarded(engine, searchQuery({ ...search, sources }));
  if (second.outcome === 'done') return distinctFirst(second.rows);
  // A condition that fails for some candidate (a division, a function) is left for the insert to judge.
  return looseTuples(engine, sources);
}

/** Tuples that the types accept, whatever the conditions say: for an insert that lets PostgreSQL say what is wrong. */
export async function looseTuples(engine: Engine, sources: readonly Source[]): Promise<readonly Tuple[]> {
  const bare = sources.map((source) => (source.source === 'values' ? { ...source, column: withoutDomain(source.column) } : source));
  const valid: Source[] = [];
  for (const source of bare) valid.push(await withoutInvalid(engine, source));
  const found = await guarded(engine, searchQuery({ sources: valid, generated: [], conditions: [] }));
  return found.outcome === 'done' ? distinctFirst(found.rows) : [];
}

const withoutDomain = (column: SeedColumn): SeedColumn => ({ ...column, type: { ...column.type, domainChecks: [] } });

/** Keeps the candidates that the type accepts; pg_input_is_valid would ask the same, but is of PostgreSQL 16. */
async function withoutInvalid(engine: Engine, source: Source): Promise<Source> {
  if (source.source === 'rows') return source;
  const values: string[] = [];
  for (const value of source.values) if ((await guarded(engine, `SELECT ${value}`)).outcome === 'done') values.push(value);
  return { ...source, values };
}

function searchQuery({ sources, generated, conditions }: Search): string {
  const limit = Math.max(2, Math.floor(mostCombinations ** (1 / Math.min(sources.length, mostSources))));
  const ordinals = ordinalNames(sources);
  const parts = sources.map((source, index) => {
    const [name, ordinal] = [partName(index), ordinals[index] ?? ''];
    return partOf(source, { name, ordinal, conditions, limit: index < mostSources ? limit : 1 });
  });
  const owners = new Map<string, string>();
  const joins: string[] = [];
  for (const [index, source] of sources.entries()) {
    for (const column of columnsOf(source)) {
      const owner = owners.get(column);
      const here = `${partName(index)}.${quoteName(column)}`;
      if (owner === undefined) owners.set(column, here);
      else joins.push(`${here} IS NOT DISTINCT FROM ${owner}`);
    }
  }
  const joined = `SELECT ${[...owners.values(), ...ordinals].join(', ')} FROM ${parts.join(' CROSS JOIN ')}${where(joins)}`;
  const computed = generated.map(({ name, generated: made }) => `, (${made?.expression ?? 'NULL'}) AS ${quoteName(name)}`).join('');
  const spread = `greatest(${ordinals.join(', ')}) - least(${ordinals.join(', ')})`;
  return `SELECT ${nameList([...owners.keys()])} FROM (SELECT joined.*${computed} FROM (${joined}) joined) computed
    ${where(conditions.map(({ expression }) => `(${expression}) IS NOT FALSE`))}
    ORDER BY ${spread}, ${ordinals.join(' + ')}, ${ordinals.join(', ')} LIMIT ${mostTuples}`;
}

const where = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`);
const partName = (index: number): string => `part${index}`;

/** Names for the places of candidates that no column has. */
function ordinalNames(sources: readonly Source[]): readonly string[] {
  const columns = sources.flatMap(columnsOf);
  let prefix = 'ordinal ';
  while (columns.some((column) => column.startsWith(prefix))) prefix += ' ';
  return sources.map((_, index) => quoteName(prefix + index));
}

/** The columns that a source gives values to. */
export function columnsOf(source: Source): readonly string[] {
  return source.source === 'values' ? [source.column.name] : source.columns;
}

interface Part {
  readonly name: string;
  readonly ordinal: string;
  readonly conditions: readonly Condition[];
  readonly limit: number;
}

function partOf(source: Source, { name, ordinal, conditions, limit }: Part): string {
  const rows = source.source === 'values' ? valueRows(source, ordinal) : targetRows(source, ordinal);
  // What concerns this source alone is filtered before the cross product, so that the bound keeps what is of use.
  const columns = columnsOf(source);
  const own = conditions.filter(
    (condition) => condition.columns.length > 0 && condition.columns.every((column) => columns.includes(column)),
  );
  return `(SELECT * FROM (${rows}) ${name} ${where(own.map(({ expression }) => `(${expression}) IS NOT FALSE`))}
    ORDER BY ${ordinal} LIMIT ${limit}) ${name}`;
}

function valueRows({ column, values }: ValueSource, ordinal: string): string {
  const rows = [
    ...values.map((value, at) => `(${at + 1}, ${value})`),
    ...(column.notNull && values.length > 0 ? [] : [`(${nullOrdinal}, NULL::${column.type.sql})`]),
  ];
  const checks = column.type.domainChecks.map((check) => `(${check}) IS NOT FALSE`);
  return `SELECT ${ordinal}, value AS ${quoteName(column.name)} FROM (VALUES ${rows.join(', ')}) candidate(${ordinal}, value)${where(checks)}`;
}

function targetRows({ columns, table, targetColumns, mayBeNull }: RowSource, ordinal: string): string {
  const pairs = columns.map((column, at) => [column, targetColumns[at] ?? column] as const);
  const present = where(pairs.map(([, target]) => `target.${quoteName(target)} IS NOT NULL`));
  const list = pairs.map(([column, target]) => `target.${quoteName(target)} AS ${quoteName(column)}`).join(', ');
  const places = pairs.map((_, at) => at + 1).join(', ');
  const found = `SELECT row_number() OVER (ORDER BY ${nameList(columns)}) AS ${ordinal}, rows.*
    FROM (SELECT DISTINCT ${list} FROM ${table} target${present} ORDER BY ${places} LIMIT ${mostRows}) rows`;
  if (!mayBeNull) return found;
  return `${found} UNION ALL SELECT ${nullOrdinal}, ${columns.map(() => 'NULL').join(', ')}`;
}

/** How many tuples come before those that have more nulls than need be. */
const leading = 8;

/** Reorders so that the first tuples share as few values as possible: keys need rows that differ. */
function distinctFirst(tuples: readonly Tuple[]): readonly Tuple[] {
  const nulls = (tuple: Tuple): number => Object.values(tuple).filter((value) => value === null).length;
  const fewest = Math.min(...tuples.map(nulls));
  const rest = tuples.filter((tuple) => nulls(tuple) === fewest);
  const chosen: Tuple[] = [];
  const used = new Set<string>();
  while (chosen.length < leading && rest.length > 0) {
    const [tuple] = rest.splice(freshest(rest, used), 1);
    if (tuple === undefined) break;
    chosen.push(tuple);
    for (const [name, value] of Object.entries(tuple)) used.add(`${name}=${value}`);
  }
  // A row with a value proves more than one without: the few that have one come again before nulls do.
  const again = tuples.length === 0 ? [] : Array.from({ length: leading - chosen.length }, (_, at) => chosen[at % chosen.length] as Tuple);
  return [...chosen, ...again, ...rest, ...tuples.filter((tuple) => nulls(tuple) > fewest)];
}

/** The place of the tuple with the most values that were not used yet. */
function freshest(tuples: readonly Tuple[], used: ReadonlySet<string>): number {
  const counts = tuples.map((tuple) => Object.entries(tuple).filter(([name, value]) => !used.has(`${name}=${value}`)).length);
  return counts.indexOf(Math.max(...counts));
}
