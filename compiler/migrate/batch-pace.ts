/**
 * How large the next batch of a backfill is, how far the backfill is, and when it will be done. Pure:
 * it is given times and reads no clock.
 */

/** Milliseconds that a batch should take: so long its rows are locked. */
const batchTime = 100;

/** Pages: with the first one it is found out how quick the server is; a larger one than the last costs memory and time to no use. */
const firstBatch = 16;
const largestBatch = 1024;
/** While only pages without a row to update were met: they say how quick reading is, not how quick the next rows will be. */
const quietBatch = 64;

/** The number of pages of the batches, which follows the time that they take. */
export interface BatchSize {
  readonly pages: () => number;
  /** A batch of so many pages took so many milliseconds; `untold` where it says nothing of the rows that may follow. */
  readonly took: (pages: number, milliseconds: number, rows: 'told' | 'untold') => void;
  /** A batch met rows that somebody holds, or was ended for taking too long. */
  readonly failed: (pages: number) => void;
}

export function batchSize(): BatchSize {
  let pages = firstBatch;
  return {
    pages: () => pages,
    took: (taken, milliseconds, rows) => {
      // What is twice as quick as it must be may be due to pages with few rows to update: no leaps.
      const factor = Math.min(2, Math.max(0.25, batchTime / Math.max(1, milliseconds)));
      // The rest at the end of a table says nothing of larger batches.
      const next = Math.round(factor > 1 ? Math.max(taken * factor, pages) : taken * factor);
      pages = Math.max(1, Math.min(rows === 'untold' ? quietBatch : largestBatch, next));
    },
    failed: (taken) => {
      pages = Math.max(1, Math.floor(taken / 4));
    },
  };
}

/** `1,234,567`. */
export function counted(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function lasting(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${String(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${String(minutes)} min ${String(seconds % 60)} s`
    : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

/** What is known of a backfill at a moment. */
export interface BackfillState {
  readonly table: string;
  /** The first round fills, the second looks whether anything was left. */
  readonly round: number;
  readonly pages: { readonly done: number; readonly total: number };
  readonly rows: number;
  /** Of this run and this round: pages and milliseconds, pauses left out. */
  readonly pace: { readonly pages: number; readonly milliseconds: number };
}

/** `43%, about 2 min 10 s left, 1,200,000 rows of public.digests`. */
export function backfillText({ table, round, pages, rows, pace }: BackfillState): string {
  const share = pages.total === 0 ? 100 : Math.min(100, Math.floor((100 * pages.done) / pages.total));
  const left = pace.pages === 0 ? undefined : ((pages.total - pages.done) * pace.milliseconds) / pace.pages;
  const estimate = left === undefined || pages.done >= pages.total ? '' : `, about ${lasting(left)} left`;
  return `${round === 1 ? '' : 'looks for rows left, '}${String(share)}%${estimate}, ${counted(rows)} rows of ${table}`;
}
