/** A run that a signal can end in order: what is under way is cancelled, and what is done is told. */

/** Turns SIGINT and SIGTERM into an abort while the action runs; a second signal ends the process as it always does. */
export async function withSignals<Result>(action: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  try {
    return await action(controller.signal);
  } finally {
    process.removeListener('SIGINT', abort);
    process.removeListener('SIGTERM', abort);
  }
}
