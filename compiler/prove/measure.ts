/**
 * What a statement really did, read from the engine while its transaction is open: the table locks
 * it took (pg_locks), relations whose file changed (pg_relation_filenode), tables read from end to
 * end (pg_stat_xact_all_tables). A partition that a rule manages counts for its root.
 */
import type { Engine } from '../engine/engine.ts';
import { compareText } from '../model/object.ts';
import { blockedBy, lockModes, type Lock, type LockMode, type Statement } from '../model/statement.ts';
import { address, type Address } from '../model/address.ts';

export interface Measured {
  readonly locks: readonly Lock[];
  readonly rewrites: readonly Address[];
  readonly scans: readonly Address[];
}

interface Relation {
  readonly name: Address;
  readonly modes: readonly LockMode[];
  /** Heap files by the number of the relation, partitions included. */
  readonly files: { readonly [relation: string]: string };
  readonly read: number;
}

/** The root of a partition tree stands for its partitions. */
const readingQuery = `
  WITH held AS (
    SELECT l.relation, json_agg(DISTINCT l.mode) AS modes FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() GROUP BY l.relation
  )
  SELECT coalesce(json_agg(row_to_json(entry)), '[]'::json)::text AS rows FROM (
    SELECT n.nspname AS schema, root.relname AS name, json_agg(held.modes) AS modes,
      json_object_agg(c.oid, coalesce(pg_relation_filenode(c.oid)::text, '')) AS files,
      coalesce(sum(s.seq_tup_read), 0)::int AS read
    FROM pg_class c
    JOIN pg_class root ON root.oid = coalesce(pg_partition_root(c.oid), c.oid)
    JOIN pg_namespace n ON n.oid = root.relnamespace
    LEFT JOIN held ON held.relation = c.oid
    LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'schemac'
    GROUP BY n.nspname, root.oid, root.relname
  ) entry`;

async function read(engine: Engine): Promise<readonly Relation[]> {
  const [row] = await engine.query(readingQuery);
  const entries = JSON.parse(row?.['rows'] ?? '[]') as {
    readonly schema: string;
    readonly name: string;
    readonly modes: readonly (readonly LockMode[] | null)[];
    readonly files: { readonly [relation: string]: string };
    readonly read: number;
  }[];
  return entries.map((entry) => ({
    name: address('table', entry.schema, entry.name),
    modes: entry.modes.flatMap((modes) => modes ?? []),
    files: entry.files,
    read: entry.read,
  }));
}

/** Runs what `perform` runs inside the open transaction and tells what it did to relations that were there before. */
export async function measure(engine: Engine, perform: () => Promise<void>, existing: ReadonlySet<Address>): Promise<Measured> {
  const before = new Map((await read(engine)).map((relation) => [relation.name, relation]));
  await perform();
  const locks: Lock[] = [];
  const rewrites: Address[] = [];
  const scans: Address[] = [];
  for (const relation of await read(engine)) {
    const old = before.get(relation.name);
    if (old === undefined || !existing.has(relation.name)) continue;
    locks.push(...strongest(relation.name, relation.modes.filter((mode) => !old.modes.includes(mode))));
    if (Object.entries(relation.files).some(([oid, file]) => old.files[oid] !== undefined && old.files[oid] !== file)) rewrites.push(relation.name);
    if (relation.read > old.read) scans.push(relation.name);
  }
  return { locks, rewrites, scans };
}

function strongest(relation: Address, modes: readonly LockMode[]): readonly Lock[] {
  const sorted = [...modes].sort((left, right) => lockModes.indexOf(right) - lockModes.indexOf(left));
  return sorted[0] === undefined || sorted[0] === 'AccessShareLock' ? [] : [{ mode: sorted[0], relation }];
}

/** What was measured and was not expected, where it would make an application wait. */
export function disagreements(statement: Statement, measured: Measured): readonly string[] {
  const expected = new Map(statement.locks.map((lock) => [lock.relation, lockModes.indexOf(lock.mode)]));
  const locks = measured.locks
    .filter((lock) => blockedBy(lock.mode) !== 'nothing' && lockModes.indexOf(lock.mode) > (expected.get(lock.relation) ?? -1))
    .map((lock) => `it took ${lock.mode} on ${lock.relation}, expected ${statement.locks.find((own) => own.relation === lock.relation)?.mode ?? 'none'}`);
  const rewrites = measured.rewrites.filter((id) => !statement.rewrites.includes(id)).map((id) => `it rewrote ${id}, which was not expected`);
  return [...locks, ...rewrites].sort(compareText);
}
