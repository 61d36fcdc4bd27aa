/**
 * What a statement really did, read from the engine while its transaction is open: the table locks
 * it took (pg_locks), relations whose file changed (pg_relation_filenode), tables read from end to
 * end (pg_stat_xact_all_tables). A partition that a rule manages counts for the table at the top.
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
  readonly oid: string;
  /** The table at the top of its partition tree, or itself. */
  readonly root: Address;
  /** Its own address where it is a partition. */
  readonly partition?: Address;
  readonly modes: readonly LockMode[];
  readonly file: string;
  readonly read: number;
}

const readingQuery = `
  WITH held AS (
    SELECT l.relation, json_agg(DISTINCT l.mode) AS modes FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() GROUP BY l.relation
  )
  SELECT coalesce(json_agg(row_to_json(entry)), '[]'::json)::text AS rows FROM (
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, root_schema.nspname AS root_schema, root.relname AS root,
      c.relispartition AS is_partition, held.modes AS modes, coalesce(pg_relation_filenode(c.oid)::text, '') AS file,
      coalesce(s.seq_tup_read, 0)::int AS read
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class root ON root.oid = coalesce(pg_partition_root(c.oid), c.oid)
    JOIN pg_namespace root_schema ON root_schema.oid = root.relnamespace
    LEFT JOIN held ON held.relation = c.oid
    LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND root_schema.nspname !~ '^pg_' AND root_schema.nspname <> 'schemac'
  ) entry`;

async function read(engine: Engine): Promise<readonly Relation[]> {
  const [row] = await engine.query(readingQuery);
  const entries = JSON.parse(row?.['rows'] ?? '[]') as {
    readonly oid: string;
    readonly schema: string;
    readonly name: string;
    readonly root_schema: string;
    readonly root: string;
    readonly is_partition: boolean;
    readonly modes: readonly LockMode[] | null;
    readonly file: string;
    readonly read: number;
  }[];
  return entries.map((entry) => ({
    oid: entry.oid,
    root: address('table', entry.root_schema, entry.root),
    ...(entry.is_partition ? { partition: address('partition', entry.schema, entry.name) } : {}),
    modes: entry.modes ?? [],
    file: entry.file,
    read: entry.read,
  }));
}

/**
 * Runs what `perform` runs inside the open transaction and tells what it did to relations that were
 * there before, under the names that they had. A partition is told apart from its table only where it
 * is declared and locked more strongly; one that was `made` a moment ago nobody uses yet.
 */
export async function measure(
  engine: Engine,
  perform: () => Promise<void>,
  existing: ReadonlySet<Address>,
  made: ReadonlySet<Address> = new Set(),
): Promise<Measured> {
  const before = new Map((await read(engine)).map((relation) => [relation.oid, relation]));
  await perform();
  const modes = new Map<Address, LockMode[]>();
  const rewrites = new Set<Address>();
  const scans = new Set<Address>();
  const after = await read(engine);
  const there = new Set(after.map(({ oid }) => oid));
  for (const relation of after) {
    const old = before.get(relation.oid);
    if (old === undefined || !existing.has(old.root)) continue;
    if (old.partition !== undefined && made.has(old.partition)) continue;
    const name = old.partition !== undefined && existing.has(old.partition) ? old.partition : old.root;
    modes.set(name, [...(modes.get(name) ?? []), ...relation.modes.filter((mode) => !old.modes.includes(mode))]);
    if (old.file !== relation.file) rewrites.add(old.root);
    if (relation.read > old.read) scans.add(old.root);
  }
  // What is dropped is in no catalog any more; DROP takes ACCESS EXCLUSIVE on it.
  for (const { oid, root, partition } of before.values()) {
    if (!there.has(oid) && partition === undefined && existing.has(root)) modes.set(root, ['AccessExclusiveLock']);
  }
  return {
    locks: locksOf(
      modes,
      new Map([...before.values()].flatMap(({ partition, root }) => (partition === undefined ? [] : [[partition, root]]))),
    ),
    rewrites: [...rewrites],
    scans: [...scans],
  };
}

function locksOf(modes: ReadonlyMap<Address, readonly LockMode[]>, roots: ReadonlyMap<Address, Address>): readonly Lock[] {
  const strength = (id: Address): number => Math.max(-1, ...(modes.get(id) ?? []).map((mode) => lockModes.indexOf(mode)));
  return [...modes].flatMap(([id, held]) => {
    const root = roots.get(id);
    return root !== undefined && strength(id) <= strength(root) ? [] : strongest(id, held);
  });
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
    .map(
      (lock) =>
        `it took ${lock.mode} on ${lock.relation}, expected ${statement.locks.find((own) => own.relation === lock.relation)?.mode ?? 'none'}`,
    );
  const rewrites = measured.rewrites
    .filter((id) => !statement.rewrites.includes(id))
    .map((id) => `it rewrote ${id}, which was not expected`);
  return [...locks, ...rewrites].sort(compareText);
}
