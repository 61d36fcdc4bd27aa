/**
 * What a verb gives back to the command line: data, an exit code, and nothing printed yet. Verbs
 * never print or exit; cli.ts does both.
 */
import type { Diagnostic } from '../model/diagnostic.ts';

export interface CommandResult {
  /** 0 done, 1 error, 2 there is something to do or to look at. */
  readonly exitCode: 0 | 1 | 2;
  readonly diagnostics: readonly Diagnostic[];
  /** The one object that `--json` prints. */
  readonly json: unknown;
  /** What is printed without `--json`, line by line. */
  readonly lines: readonly string[];
}

/** Takes one line of progress; the command line prints it on standard error. */
export type Report = (line: string) => void;
