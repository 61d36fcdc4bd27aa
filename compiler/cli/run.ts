/**
 * What all verbs share on the command line: the options that each has, progress, and the way from a
 * result to output and exit code.
 */
import { Option, type Command } from 'commander';
import type { CommandResult } from '../commands/result.ts';
import type { Progress } from './live-line.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { printResult, type OutputFormat } from './print.ts';

export interface CommonOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly format?: string;
}

/** The options of every verb. */
export function common(command: Command): Command {
  return commonButFormat(command).addOption(
    new Option('--format <format>', 'Print diagnostics as annotations that GitHub shows beside the lines of a pull request.').choices([
      'github',
    ]),
  );
}

/** For a verb whose output has forms of its own. */
export function commonButFormat(command: Command): Command {
  return command
    .option('--json', 'Print one JSON document on standard output, whatever the outcome.')
    .option('--quiet', 'Print nothing but errors.');
}

/** For an option that may be given more than once. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Progress goes to standard error, and only to a terminal. */
export function reporter(options: CommonOptions): (line: string) => void {
  const shows = options.quiet !== true && process.stderr.isTTY;
  return (line) => {
    if (shows) process.stderr.write(`${line}\n`);
  };
}

/** Progress that belongs into the log of a job too: who is waited for, what is done meanwhile, how far a backfill is. */
export async function logged(options: CommonOptions): Promise<Partial<Progress>> {
  if (options.quiet === true) return {};
  const { liveLine, standardError } = await import('./live-line.ts');
  return liveLine(standardError());
}

/** Runs a verb and prints what came of it; the exit code is set, not taken, so that output is written whole. */
export async function run(options: CommonOptions, action: () => Promise<CommandResult>): Promise<void> {
  const result = await action().catch(failedResult);
  printResult(result, { format: formatOf(options), isQuiet: options.quiet === true });
  process.exitCode = result.exitCode;
}

function formatOf(options: CommonOptions): OutputFormat {
  return options.json === true ? 'json' : options.format === 'github' ? 'github' : 'text';
}

function failedResult(error: unknown): CommandResult {
  const diagnostics = error instanceof DiagnosticError ? error.diagnostics : [systemError(error)];
  return { exitCode: 1, diagnostics, json: { diagnostics }, lines: [] };
}

/** A full disk or a folder without permission is nobody's bug; anything else is ours and shows its stack. */
function systemError(error: unknown): Diagnostic {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  const hint = {
    ENOSPC: 'make room on the disk; nothing that was there is lost',
    EACCES: 'the folder must be writable',
    EROFS: 'the folder must be writable',
  }[code];
  return { code: 'system-error', severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
}
