/**
 * Code of the schema's own that runs when rows change, as a trigger's does: on which tables, and which
 * other tables hold rows of its making. It runs in a proof as it would on the real database.
 */
import { kindOf } from '../kinds/registry.ts';
import { ourSchema } from '../kinds/catalog.ts';
import { address, type Address } from '../model/address.ts';
import type { State } from '../model/object.ts';
import { qualifiedName } from '../sql/quote.ts';
import type { Engine } from '../engine/engine.ts';

/** Tables with such code in one of the states. */
export function firingTables(...states: readonly State[]): ReadonlySet<Address> {
  const tables = new Set<Address>();
  for (const state of states) {
    for (const object of state.values()) if (object.partOf !== undefined && kindOf(object).fires === true) tables.add(object.partOf);
  }
  return tables;
}

/** Every table that holds a row, partitions not told from their tables. */
export async function filledTables(engine: Engine): Promise<ReadonlySet<Address>> {
  const tables = await engine.query(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ourSchema} ORDER BY 1, 2`);
  const paths = tables.map(({ schema, name }) => [schema ?? '', name ?? '']);
  if (paths.length === 0) return new Set();
  const queries = paths.map((path, at) => `SELECT ${at} AS at WHERE EXISTS (SELECT FROM ${qualifiedName(path)})`);
  const filled = await engine.query(queries.join(' UNION ALL '));
  return new Set(filled.map(({ at }) => address('table', ...(paths[Number(at)] ?? []))));
}
