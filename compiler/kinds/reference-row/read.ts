/**
 * Reads the rows of the tables that a schema declares to be lookup tables, all of them in one query.
 * Nothing in the catalogs says which tables these are, so the caller does; a table or column that the
 * database has under its former name yet is read under that one, and one that it lacks is left out.
 */
import { address, parseAddress } from '../../model/address.ts';
import type { Address } from '../../model/address.ts';
import type { ReferenceTable } from '../../model/declared.ts';
import type { State } from '../../model/object.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { declareReferenceRow } from './declare.ts';
import { linkRows } from './links.ts';
import type { ReferenceRow } from './object.ts';

interface Found {
  readonly table: Address;
  readonly path: readonly [schema: string, name: string];
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/** The table as this database has it; undefined where it has none with that key. */
function findTable(wanted: ReferenceTable, state: State): Found | undefined {
  const table = [wanted.table, wanted.formerly].find((id) => id !== undefined && state.has(id));
  const [schema, name] = parseAddress(table ?? '')?.path ?? [];
  if (table === undefined || schema === undefined || name === undefined) return undefined;
  const nameOf = (column: string): string | undefined =>
    [column, wanted.formerColumns[column]].find((each) => each !== undefined && state.has(address('column', schema, name, each)));
  const key = wanted.key.map(nameOf);
  if (!key.every((each) => each !== undefined)) return undefined;
  return { table, path: [schema, name], key, columns: wanted.columns.flatMap((column) => nameOf(column) ?? []) };
}

/** The query, and how its rows of texts are read; undefined where there is nothing to read. */
export function referenceRowsOf(
  tables: Iterable<ReferenceTable>,
  state: State,
):
  | {
      readonly query: string;
      readonly read: (rows: readonly (readonly [at: number, texts: readonly (string | null)[]])[]) => readonly ReferenceRow[];
    }
  | undefined {
  const found = [...tables].flatMap((wanted) => findTable(wanted, state) ?? []);
  if (found.length === 0) return undefined;
  const queries = found.map(({ path, columns }, at) => {
    const texts = columns.map((name) => `${quoteName(name)}::text`).join(', ');
    return `SELECT ${at} AS at, to_json(ARRAY[${texts}]::text[]) AS texts FROM ${qualifiedName(path)}`;
  });
  return {
    query: queries.join('\nUNION ALL\n'),
    read: (rows) =>
      linkRows(
        rows.flatMap(([at, texts]) => {
          const table = found[at];
          if (table === undefined) return [];
          const values = Object.fromEntries(table.columns.map((name, place) => [name, texts[place] ?? null]));
          return [declareReferenceRow({ table: table.table, path: table.path, key: table.key, values })];
        }),
        state.values(),
      ),
  };
}
