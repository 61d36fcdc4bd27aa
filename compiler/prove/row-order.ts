/**
 * In which order tables get their rows: what is referenced before what refers to it; where
 * references run in a circle, one that may be null or deferred waits. Knows nothing of values.
 */
import type { SeedCatalog, SeedReference, SeedTable } from './row-catalog.ts';

/** References that need a row in another table that has none. */
type Need = (reference: SeedReference) => boolean;

/** From the strictest to the most lenient: every reference, those that must not be null, those that are checked at once. */
const needs: readonly Need[] = [
  () => true,
  ({ columnsNull }) => columnsNull.length === 0,
  ({ columnsNull, deferrable }) => columnsNull.length === 0 && !deferrable,
];

/** The tables to fill, each after those it needs; tables that hold rows already need nothing and are needed by nobody. */
export function fillOrder(catalog: SeedCatalog, wanted: ReadonlySet<string>): readonly SeedTable[] {
  const waiting = new Map([...catalog].filter(([oid]) => wanted.has(oid)));
  const order: SeedTable[] = [];
  while (waiting.size > 0) {
    const ready = needs.map((need) => [...waiting.values()].filter((table) => isReady(table, waiting, need)));
    // All that are ready by the strictest measure at once; by a lenient one a single table, for the next may be ready then.
    const next = ready[0]?.length ? ready[0] : [ready[1]?.[0] ?? ready[2]?.[0] ?? [...waiting.values()][0]];
    for (const table of next) {
      if (table === undefined) continue;
      order.push(table);
      waiting.delete(table.oid);
    }
  }
  return order;
}

function isReady(table: SeedTable, waiting: ReadonlyMap<string, SeedTable>, need: Need): boolean {
  const references = [...table.references, ...table.leaves.flatMap((leaf) => leaf.references)];
  return !references.some((reference) => reference.target !== table.oid && waiting.has(reference.target) && need(reference));
}
