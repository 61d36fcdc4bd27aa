/**
 * Clears away what a stopped statement left behind: an index that is not valid, the copies of a
 * stopped REINDEX, a partition that is half detached. Only what the step itself is about is touched.
 */
import type { MigrationStep } from '../sql/migration-file.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import { builtIndex, detachedPartition, reindexed } from './derive-probe.ts';
import { probeOutcome, probeQuery } from './probe.ts';
import { work } from './session.ts';
import { label } from './unit-run.ts';
import type { StepRun } from './unit-run.ts';

/** An earlier run began the step, or nobody did. */
type Begun = 'first run' | 'resumed';

/** `done`: mending has finished the step; `ready`: it is known not to be done; `undefined`: nothing is known. */
export type Mended = 'done' | 'ready' | undefined;

/** Every write keeps such an index up to date, no query can use it, and it has the name. */
async function dropInvalidIndex(run: StepRun, step: MigrationStep): Promise<void> {
  const probe = builtIndex(step.sql);
  if (probe === undefined || probeOutcome(probe, await run.session.worker.rows(probeQuery(probe))) !== 'broken') return;
  run.session.report(`${label(run, step)}: dropping the invalid index ${probe.path.join('.')} that a stopped build left`);
  await work(run.session, `DROP INDEX CONCURRENTLY ${qualifiedName(probe.path)}`, () => label(run, step));
}

/**
 * A stopped REINDEX CONCURRENTLY leaves invalid copies of the indexes, `…_ccnew`, or the old ones,
 * `…_ccold` (manual, REINDEX, "Rebuilding Indexes Concurrently"); the next one would leave more.
 */
async function dropCopies(run: StepRun, step: MigrationStep): Promise<void> {
  const target = reindexed(step.sql);
  if (target === undefined) return;
  const relation = `pg_catalog.to_regclass(${quoteText(qualifiedName(target))})`;
  const copies = await run.session.worker.rows(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND i.indrelid IN (
       SELECT tree.relid FROM pg_catalog.pg_partition_tree(${relation}) tree
       UNION SELECT ${relation} UNION SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = ${relation})
     ORDER BY 1`,
  );
  for (const [name] of copies) {
    run.session.report(`${label(run, step)}: dropping the index ${name ?? ''} that a stopped REINDEX left`);
    await work(run.session, `DROP INDEX CONCURRENTLY ${name ?? ''}`, () => label(run, step));
  }
}

/**
 * DETACH PARTITION CONCURRENTLY takes two transactions; stopped between them it leaves the partition
 * marked (pg_inherits.inhdetachpending), and no other can be detached before FINALIZE has ended it.
 */
async function finishDetach(run: StepRun, step: MigrationStep, begun: Begun): Promise<Mended> {
  const detached = detachedPartition(step.sql);
  if (detached === undefined) return undefined;
  const [table, partition] = [qualifiedName(detached.table), qualifiedName(detached.partition)];
  const [row] = await run.session.worker.rows(
    `SELECT h.inhdetachpending, pg_catalog.to_regclass(${quoteText(partition)}) IS NULL FROM (VALUES (1)) one
     LEFT JOIN pg_catalog.pg_inherits h ON h.inhparent = pg_catalog.to_regclass(${quoteText(table)}) AND h.inhrelid = pg_catalog.to_regclass(${quoteText(partition)})`,
  );
  const [pending, isGone] = row ?? [];
  if (pending === 'f' || isGone === 't') return 'ready';
  if (pending !== 't') return begun === 'resumed' ? 'done' : 'ready';
  run.session.report(`${label(run, step)}: finishing the detachment of ${partition} that was stopped half-way`);
  await work(run.session, `ALTER TABLE ${table} DETACH PARTITION ${partition} FINALIZE`, () => label(run, step));
  return 'done';
}

/** Mends what a stopped run of the step left. */
export async function mend(run: StepRun, step: MigrationStep, begun: Begun): Promise<Mended> {
  await dropInvalidIndex(run, step);
  if (begun === 'resumed') await dropCopies(run, step);
  return finishDetach(run, step, begun);
}
