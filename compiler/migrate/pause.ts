/**
 * Waiting that a signal can end, and how long to wait before a lock is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Raised when the run is to end because a signal asked for it. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** Waits; throws `Interrupted` as soon as the signal comes. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new Interrupted();
  }
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted();
}

/** Doubles from half a second to 15 s, spread over half to the whole so that many runners do not meet again. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  return Math.min(15_000, 500 * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}
