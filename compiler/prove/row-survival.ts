/**
 * Whether rows live through a migration: the rows of tables before and after, compared column by
 * column where a column is still there with the same type. Reads only.
 */
import { address, parseAddress, pathText, type Address } from '../model/address.ts';
import { qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import type { Engine } from '../engine/engine.ts';

/** What a table held. */
export interface TableRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The values in the order of the columns, as PostgreSQL prints them; sorted, so that order says nothing. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Tables in one query: more would be one long text without being faster. */
const together = 50;

/** Reads every row of the tables; a table that does not exist is absent from the result. */
export async function rowsOf(engine: Engine, tables: readonly Address[]): Promise<ReadonlyMap<Address, TableRows>> {
  const found = new Map<Address, TableRows>();
  for (let start = 0; start < tables.length; start += together) {
    const columns = await columnsOfTables(engine, tables.slice(start, start + together));
    if (columns.size === 0) continue;
    const entries = [...columns];
    const queries = entries.map(([id, list], at) => {
      const values = list.map(({ name }) => `${quoteName(name)}::text`).join(', ');
      return `SELECT ${at} AS at, array_to_json(ARRAY[${values}]::text[])::text AS row FROM ${sqlName(id)}`;
    });
    const rows = await engine.query(queries.join(' UNION ALL '));
    for (const [at, [id, list]] of entries.entries()) {
      const texts = rows.filter((row) => row['at'] === String(at)).map((row) => row['row'] ?? '[]');
      found.set(id, { columns: list, rows: texts.sort().map((text) => JSON.parse(text) as (string | null)[]) });
    }
  }
  return found;
}

function sqlName(id: Address): string {
  return qualifiedName(parseAddress(id)?.path ?? []);
}

async function columnsOfTables(engine: Engine, tables: readonly Address[]): Promise<ReadonlyMap<Address, TableRows['columns']>> {
  const names = tables.map((id, at) => `(${at}, to_regclass(${quoteText(sqlName(id))}))`).join(', ');
  const rows = await engine.query(`
    SELECT named.at, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
    FROM (VALUES ${names}) named(at, oid) JOIN pg_catalog.pg_class c ON c.oid = named.oid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = named.oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY named.at, a.attnum`);
  const columns = new Map<Address, { readonly name: string; readonly type: string }[]>();
  for (const { at, name, type } of rows) {
    const id = tables[Number(at)] ?? '';
    const list = columns.get(id) ?? [];
    if (typeof name === 'string') list.push({ name, type: type ?? '' });
    columns.set(id, list);
  }
  return columns;
}

/** What a table held without rows that stood in another relation with columns of the same names, such as a partition of it. */
export function withoutRows(table: TableRows, gone: TableRows): TableRows {
  const places = table.columns.map(({ name }) => gone.columns.findIndex((column) => column.name === name));
  const rest = gone.rows.map((row) => JSON.stringify(places.map((place) => row[place] ?? null)));
  const rows = table.rows.filter((row) => {
    const at = rest.indexOf(JSON.stringify(row));
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
  return { ...table, rows };
}

/** New addresses of tables and columns by their old ones: a renamed column is the same column. */
export type Renames = ReadonlyMap<Address, Address>;

/** Columns that a migration gives values on purpose. */
export interface NewValues {
  /** Filled where they were null. */
  readonly filled: ReadonlySet<Address>;
  /** Computed anew. */
  readonly recomputed: ReadonlySet<Address>;
  /** `fire`: the migration changes rows of a table with triggers, which may change any value and add rows anywhere. */
  readonly triggers: 'fire' | 'rest';
}
const noNewValues: NewValues = { filled: new Set(), recomputed: new Set(), triggers: 'rest' };

/**
 * What did not live: one sentence for each table with fewer or more rows, or column whose values
 * changed. Columns that went, came or changed their type are not compared, dropped tables neither.
 */
export function survivors(
  before: ReadonlyMap<Address, TableRows>,
  after: ReadonlyMap<Address, TableRows>,
  renames: Renames = new Map(),
  given: NewValues = noNewValues,
): readonly string[] {
  return [...before].flatMap(([id, held]) => {
    const now = after.get(renames.get(id) ?? id);
    return now === undefined ? [] : differences(id, held, now, renames, given);
  });
}

function differences(id: Address, before: TableRows, after: TableRows, renames: Renames, given: NewValues): readonly string[] {
  const path = parseAddress(id)?.path ?? [];
  const table = pathText(path);
  if (given.triggers === 'fire' && before.rows.length <= after.rows.length) return [];
  if (before.rows.length !== after.rows.length) {
    return [`the table ${table} held ${before.rows.length} rows before the migration and holds ${after.rows.length} after it`];
  }
  const kept = before.columns.flatMap(({ name, type }, at) => {
    const old = address('column', ...path, name);
    const now = renames.get(old) ?? old;
    const renamed = parseAddress(now)?.path.at(-1) ?? name;
    const there = after.columns.findIndex((column) => column.name === renamed && column.type === type);
    return there === -1 || given.recomputed.has(now) ? [] : [{ name, at, there, filled: given.filled.has(now) }];
  });
  const changed = kept.flatMap(({ name, at, there, filled }) =>
    changedValues(
      `${table}.${pathText([name])}`,
      before.rows.map((row) => row[at]).filter((value) => !filled || value !== null),
      after.rows.map((row) => row[there]),
    ),
  );
  if (changed.length > 0) return changed;
  const compared = kept.filter(({ filled }) => !filled);
  const whole = (rows: TableRows['rows'], places: readonly number[]): string =>
    rows
      .map((row) => JSON.stringify(places.map((place) => row[place])))
      .sort()
      .join('\n');
  const same =
    whole(
      before.rows,
      compared.map(({ at }) => at),
    ) ===
    whole(
      after.rows,
      compared.map(({ there }) => there),
    );
  return same ? [] : [`the rows of ${table} hold the same values in every column, but in other combinations`];
}

function changedValues(
  column: string,
  before: readonly (string | null | undefined)[],
  after: readonly (string | null | undefined)[],
): readonly string[] {
  const left = [...after];
  const lost = before.filter((value) => {
    const at = left.indexOf(value);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  if (lost.length === 0) return [];
  const shown = (value: string | null | undefined): string =>
    value === null || value === undefined ? 'null' : `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return [`the column ${column} changed in ${lost.length} of ${before.length} rows: ${shown(lost[0])} became ${shown(left[0])}`];
}
