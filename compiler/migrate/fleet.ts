/**
 * Many databases with one folder of migrations: the first ones alone, then the others side by side,
 * never more than so many. Each is a run of its own; running all again finishes what is left.
 */
import { describeUrl } from './describe-url.ts';
import type { FolderMigration } from './folder.ts';
import { migrateFrom } from './migrate.ts';
import type { MigrateOptions, MigrateResult } from './run.ts';

/** `current`: there was nothing to do; `skipped`: it was not begun, since another one failed or a signal came. */
export type Outcome = 'current' | 'applied' | 'undone' | 'left' | 'busy' | 'failed' | 'interrupted' | 'skipped';

export interface DatabaseReport extends MigrateResult {
  readonly outcome: Outcome;
}

export interface FleetOptions extends Omit<MigrateOptions, 'url' | 'report' | 'tick'> {
  readonly urls: readonly string[];
  /** How many databases are worked on at a time. */
  readonly parallel: number;
  /** How many go first, one after the other; where one of them fails, no other is begun. */
  readonly canaries: number;
  /** What becomes of the databases that are not begun when one has failed. */
  readonly onFailure: 'stop' | 'continue';
  /** Takes what happens, as it happens. */
  readonly watch?: (event: FleetEvent) => void;
}

export interface FleetEvent {
  /** Its place in the list, from 0. */
  readonly place: number;
  readonly database: string;
  /** A line of progress, one that stands until the next one comes, or how it ended. */
  readonly what: { readonly line: string } | { readonly tick: string } | { readonly ended: DatabaseReport };
}

/** A name for messages: two lines of a list that are no URLs must be told apart. */
function nameOf(url: string, place: number): string {
  const name = describeUrl(url);
  return name === 'the given database' ? `database ${String(place + 1)} of the list` : name;
}

export function outcomeOf({ applied, undone = [], pending, diagnostics }: MigrateResult): Outcome {
  if (diagnostics.some(({ code }) => code === 'interrupted')) return 'interrupted';
  if (diagnostics.some(({ severity }) => severity === 'error')) return 'failed';
  if (diagnostics.some(({ code }) => code === 'runner-busy')) return 'busy';
  if (pending.length > 0) return 'left';
  if (undone.length > 0) return 'undone';
  return applied.length > 0 ? 'applied' : 'current';
}

/** Migrates every database of the list; the reports are in its order. */
export async function migrateAll(folder: readonly FolderMigration[], options: FleetOptions): Promise<readonly DatabaseReport[]> {
  const { urls, parallel, canaries, onFailure, watch = () => undefined, ...shared } = options;
  const reports = urls.map((url, place): DatabaseReport => skipped(nameOf(url, place)));
  let mayBegin = true;
  const one = async (place: number): Promise<void> => {
    const url = urls[place] ?? '';
    const database = nameOf(url, place);
    const tell = (what: FleetEvent['what']): void => watch({ place, database, what });
    const result = await migrateFrom(folder, { ...shared, url, report: (line) => tell({ line }), tick: (line) => tell({ tick: line }) });
    const ended = { ...result, database, outcome: outcomeOf(result) };
    reports[place] = ended;
    const isCanary = place < canaries;
    if (ended.outcome === 'interrupted' || (ended.outcome === 'failed' && (isCanary || onFailure === 'stop'))) mayBegin = false;
    tell({ ended });
  };
  let next = 0;
  const worker = async (end: number): Promise<void> => {
    while (mayBegin && next < end && options.signal?.aborted !== true) {
      next += 1;
      await one(next - 1);
    }
  };
  await worker(Math.min(canaries, urls.length));
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, () => worker(urls.length)));
  return reports;
}

function skipped(database: string): DatabaseReport {
  return { database, outcome: 'skipped', applied: [], pending: [], sql: [], diagnostics: [] };
}
