/**
 * How `compile --watch` looks: each outcome as it would be printed alone, then how long it took.
 * Ctrl-C ends it after the run at hand, so that nothing is left half written.
 */
import type { CompileArguments } from '../commands/compile.ts';
import { run, type CommonOptions } from './run.ts';

export async function runWatch(options: CommonOptions, given: CompileArguments): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const say = (line: string): void => {
    if (options.quiet !== true && options.json !== true) process.stdout.write(`${line}\n`);
  };
  await run({ ...options, quiet: true }, async () =>
    (await import('../commands/watch.ts')).watchCommand({
      ...given,
      signal: ending.signal,
      show: async (outcome, milliseconds) => {
        await run(options, () => outcome);
        say(`${(milliseconds() / 1000).toFixed(2)} s; watching schema/, Ctrl-C ends it\n`);
      },
    }),
  );
  // A first Ctrl-C was heard; a second one ends the process at once.
  process.removeListener('SIGINT', end);
  process.removeListener('SIGTERM', end);
}
