/**
 * What an empty database holds after its migrations besides objects: rows, and how far sequences have
 * come. Reads an engine; compares nothing.
 */
import type { Engine } from '../engine/engine.ts';
import { address, parseAddress, type Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import type { State } from '../model/object.ts';
import { statement, type Statement } from '../model/statement.ts';
import { rowsOf } from '../prove/row-survival.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';

export interface Held {
  /** A table that holds rows and its rows, one text each. */
  readonly rows: readonly string[];
  /** A sequence and its place. */
  readonly sequences: readonly string[];
}

const tablesOfOthers = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'schemac') AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

async function tables(engine: Engine): Promise<readonly Address[]> {
  const rows = await engine.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${tablesOfOthers} ORDER BY 1, 2`,
  );
  return rows.map((row) => address('table', row['schema'] ?? '', row['name'] ?? ''));
}

export async function heldBy(engine: Engine, state: State): Promise<Held> {
  const rows = await rowsOf(
    engine,
    (await tables(engine)).filter((id) => state.has(id)),
  );
  const places = await engine.query(
    `SELECT pg_catalog.format('%I.%I', schemaname, sequencename) AS name, last_value AS place FROM pg_catalog.pg_sequences
     WHERE schemaname <> 'schemac' AND last_value IS NOT NULL ORDER BY 1`,
  );
  return {
    rows: [...rows].flatMap(([id, table]) => {
      const byName = table.rows.map((row) => JSON.stringify(table.columns.map(({ name }, place) => [name, row[place] ?? null]).sort()));
      return byName.length === 0 ? [] : [`${id}\n${byName.sort().join('\n')}`];
    }),
    sequences: places.map((row) => `${row['name'] ?? ''}\n${row['place'] ?? ''}`),
  };
}

/** Tables that hold rows, with what their rows are known by; one without a primary key is left out, and differs. */
export async function keyedTables(engine: Engine, state: State, besides: ReadonlySet<Address>): Promise<readonly ReferenceTable[]> {
  const filled = [
    ...(await rowsOf(
      engine,
      (await tables(engine)).filter((id) => state.has(id) && !besides.has(id)),
    )),
  ];
  const found: ReferenceTable[] = [];
  for (const [table, { rows }] of filled) {
    if (rows.length === 0) continue;
    const name = quoteText(qualifiedName(parseAddress(table)?.path ?? []));
    const columns = await engine.query(
      `SELECT a.attname AS name, (i.indrelid IS NOT NULL)::text AS key FROM pg_catalog.pg_attribute a
       LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)
       WHERE a.attrelid = ${name}::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`,
    );
    const key = columns.filter((row) => row['key'] === 'true').map((row) => row['name'] ?? '');
    if (key.length > 0) found.push({ table, key, columns: columns.map((row) => row['name'] ?? ''), formerColumns: {} });
  }
  return found;
}

/** What takes sequences from where the second is to where the first is. */
export function sequenceSteps(wanted: Held, made: Held): readonly Statement[] {
  const there = new Set(made.sequences);
  return wanted.sequences
    .filter((line) => !there.has(line))
    .map((line) => {
      const [name = '', place = ''] = line.split('\n');
      return statement({
        sql: `SELECT pg_catalog.setval(${quoteText(name)}, ${place}, true)`,
        purpose: `Put ${name} where the rows that are there have taken it.`,
        subject: `sequence ${name}`,
      });
    });
}
