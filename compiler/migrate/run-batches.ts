/**
 * Goes through a backfill batch by batch: the block of the file is asked for one range of pages after
 * the other, each in a transaction with the record of how far it is. Whoever is killed goes on there.
 */
import { PostgresError } from '../engine/engine.ts';
import { parseAddress, pathText } from '../model/address.ts';
import { pagesOfPart, rounds, treeOf } from '../sql/batched-update.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { qualifiedName } from '../sql/quote.ts';
import { backfillText, batchSize, counted, lasting } from './batch-pace.ts';
import type { BatchSize } from './batch-pace.ts';
import { isLockFailure } from './failure.ts';
import { makeWay } from './make-way.ts';
import type { Way } from './make-way.ts';
import { messageOf } from './message.ts';
import { Interrupted, pause, throwIfInterrupted } from './pause.ts';
import { hashSql, placeOfBatch } from './record.ts';
import type { BatchPlace } from './record.ts';
import { sendBatch } from './send-batch.ts';
import type { Part } from './send-batch.ts';
import { label, patience } from './unit-run.ts';
import type { Trouble, UnitRun } from './unit-run.ts';

const beginning: BatchPlace = { round: 1, part: '', page: 0, rows: 0 };

/** What goes on while a step runs. */
interface Backfill {
  readonly run: UnitRun;
  readonly step: MigrationStep;
  readonly table: string;
  readonly way: Way;
  readonly size: BatchSize;
  place: BatchPlace;
}

/** Where an earlier run stopped, if it ran the same text. */
function placeBefore(run: UnitRun, step: MigrationStep): BatchPlace | undefined {
  const earlier = run.earlier.get(step.number);
  return earlier?.sqlHash === hashSql(step.sql) ? placeOfBatch(earlier.batch) : undefined;
}

/** The table and everything below it that stores rows, in an order that holds when partitions come and go. */
async function partsOf({ run, step }: Backfill): Promise<readonly Part[]> {
  const table = qualifiedName(parseAddress(step.batches ?? '')?.path ?? []);
  const rows = await run.session.control.rows(
    `${treeOf(table)}
SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), ${pagesOfPart} FROM tree JOIN pg_catalog.pg_class c ON c.oid = part
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
  );
  const parts = rows.map(([oid, name, pages]) => ({ oid: Number(oid), name: name ?? '', pages: Number(pages) }));
  return parts.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Runs the batch that begins at a page, smaller and smaller where rows are held; gives where it ended. */
async function runBatch(
  backfill: Backfill,
  part: Part,
  page: number,
): Promise<{ readonly until: number; readonly milliseconds: number; readonly rows: number } | Trouble> {
  const { run, step, size, place } = backfill;
  const lock = patience(run.session.limits.lockBudget);
  for (;;) {
    const until = Math.min(page + size.pages(), part.pages);
    const began = Date.now();
    const { round } = place;
    const outcome = await sendBatch(run, step, {
      part,
      from: page,
      until,
      place: { round, part: part.name, page: until, rows: place.rows },
    });
    if (!(outcome instanceof PostgresError)) {
      backfill.place = { round, part: part.name, page: until, rows: place.rows + outcome.rows };
      return { until, milliseconds: Date.now() - began, rows: outcome.rows };
    }
    const trouble = { step, error: outcome };
    // 57014: it took longer than a statement may; half of it will not.
    const isTooLong = outcome.code === '57014' && until - page > 1;
    if (!isTooLong && (!isLockFailure(outcome) || (await lock.wait(run, trouble)) === 'spent')) return trouble;
    size.failed(until - page);
  }
}

/** One round over all pages that there are when it begins. */
async function runRound(backfill: Backfill): Promise<'done' | Trouble> {
  const { run, step, way, size, place } = backfill;
  const { session } = run;
  const parts = await partsOf(backfill);
  const total = parts.reduce((sum, { pages }) => sum + pages, 0);
  const pace = { pages: 0, milliseconds: 0 };
  let before = 0;
  for (const part of parts) {
    let page = part.name === place.part ? place.page : part.name < place.part ? part.pages : 0;
    while (page < part.pages) {
      await way.free(label(run, step));
      throwIfInterrupted(session.signal);
      const outcome = await runBatch(backfill, part, page);
      if ('error' in outcome) return outcome;
      const rest = outcome.milliseconds * session.limits.throttle;
      // The second round meets none, but for what was written meanwhile.
      const isUntold = outcome.rows === 0 && backfill.place.round === 1;
      size.took(outcome.until - page, outcome.milliseconds, isUntold ? 'untold' : 'told');
      pace.pages += outcome.until - page;
      pace.milliseconds += outcome.milliseconds + rest;
      page = outcome.until;
      const pages = { done: before + page, total };
      session.tick(
        `${label(run, step)}: ${backfillText({ table: backfill.table, round: place.round, pages, rows: backfill.place.rows, pace })}`,
      );
      if (rest >= 1) await pause(rest, session.signal);
    }
    before += part.pages;
  }
  return 'done';
}

async function runRounds(backfill: Backfill): Promise<'done' | Trouble> {
  for (let { round } = backfill.place; round <= rounds; round += 1) {
    if (round > backfill.place.round) backfill.place = { ...beginning, round, rows: backfill.place.rows };
    const outcome = await runRound(backfill);
    if (outcome !== 'done') return outcome;
  }
  return 'done';
}

/** Runs what is left of the backfill, and records it. */
export async function runBatches(run: UnitRun): Promise<'done' | Trouble> {
  const [step] = run.unit.steps;
  if (step === undefined) return 'done';
  const { session } = run;
  const what = label(run, step);
  const place = placeBefore(run, step);
  if (place !== undefined)
    session.report(`${what}: goes on behind ${place.part}, page ${counted(place.page)}; ${counted(place.rows)} rows were done before`);
  await session.worker.rows(run.recordRunning);
  const table = pathText(parseAddress(step.batches ?? '')?.path ?? []);
  const backfill: Backfill = { run, step, table, way: await makeWay(session, what), size: batchSize(), place: place ?? beginning };
  const began = Date.now();
  const outcome = await settled(backfill);
  if (outcome !== 'done') return outcome;
  await session.worker.rows(run.recordDone);
  session.report(`${what}: ${counted(backfill.place.rows)} rows of ${table} in ${lasting(Date.now() - began)}`);
  return 'done';
}

/** Takes the settings of the file back, however the rounds end; with the connection they are gone. */
async function settled(backfill: Backfill): Promise<'done' | Trouble> {
  const { run, step } = backfill;
  const { session, unit } = run;
  const restore = (): Promise<unknown> => (unit.after.length === 0 ? Promise.resolve() : session.worker.rows(messageOf(unit.after)));
  try {
    const outcome = await runRounds(backfill);
    await restore();
    return outcome;
  } catch (error) {
    if (!(error instanceof PostgresError) && !(error instanceof Interrupted)) throw error;
    await restore();
    if (error instanceof Interrupted) throw error;
    return { step, error };
  } finally {
    session.tick('');
  }
}
