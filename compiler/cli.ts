/**
 * The command line: arguments, exit codes, printing; nothing else prints or exits. A verb's module is
 * loaded when the verb is called, so that each needs only its own packages.
 */
import { Command, CommanderError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import type { CommandResult } from './commands/result.ts';
import { DiagnosticError } from './model/diagnostic.ts';
import { printResult, type OutputFormat } from './cli/print.ts';

interface CommonOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly format?: 'github';
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

function formatOf(options: CommonOptions): OutputFormat {
  return options.json === true ? 'json' : options.format === 'github' ? 'github' : 'text';
}

/** Progress goes to standard error, and only to a terminal. */
function reporter(options: CommonOptions): (line: string) => void {
  const shows = options.quiet !== true && process.stderr.isTTY;
  return (line) => {
    if (shows) process.stderr.write(`${line}\n`);
  };
}

async function run(options: CommonOptions, action: () => Promise<CommandResult>): Promise<void> {
  const result = await action().catch((error: unknown): CommandResult => {
    if (!(error instanceof DiagnosticError)) throw error;
    return { exitCode: 1, diagnostics: error.diagnostics, json: { diagnostics: error.diagnostics }, lines: [] };
  });
  printResult(result, { format: formatOf(options), isQuiet: options.quiet === true });
  process.exitCode = result.exitCode;
}

function common(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output')
    .addOption(new Option('--format <format>', 'print diagnostics as GitHub annotations').choices(['github']))
    .option('--quiet', 'print nothing but errors');
}

function compiling(command: Command): Command {
  return common(command)
    .option('--engine <url>', 'a PostgreSQL server to prove on instead of the embedded one; a scratch database is made and dropped there')
    .addOption(new Option('--loader <loader>', 'how schema/ is evaluated').choices(['esbuild', 'ts-node']).default('esbuild'));
}

interface CompilingOptions extends CommonOptions {
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
  readonly name?: string;
  readonly allow?: readonly string[];
  readonly amend?: true;
  readonly rebase?: true;
}

function compileArguments(options: CompilingOptions): Parameters<typeof import('./commands/compile.ts').compileCommand>[0] {
  return {
    root: process.cwd(),
    loader: options.loader,
    allow: options.allow ?? [],
    history: options.amend === true ? 'amend' : options.rebase === true ? 'rebase' : 'extend',
    report: reporter(options),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.name === undefined ? {} : { name: options.name }),
  };
}

function program(): Command {
  const schemac = new Command('schemac')
    .description('PostgreSQL schema as TypeScript: proven migrations, diagrams and documents.')
    .version(version())
    .exitOverride()
    .showHelpAfterError();
  compiling(schemac.command('compile').description('write the migration that schema/ asks for, and every document'))
    .option('--name <name>', 'name of the new migration')
    .option('--allow <hazard:address>', 'allow what a change loses, for example data-loss:column public.t.c', collect, [])
    .option('--amend', 'replace the last migration, which must not have been applied anywhere')
    .addOption(new Option('--rebase', "make this branch's migrations anew on top of the other branch's").conflicts('amend'))
    .action((options: CompilingOptions) => run(options, async () => (await import('./commands/compile.ts')).compileCommand(compileArguments(options))));
  compiling(schemac.command('check').description('verify that generated/ is current and that the migrations lead to the schema; writes nothing')).action(
    (options: CompilingOptions) => run(options, async () => (await import('./commands/check.ts')).checkCommand(compileArguments(options))),
  );
  return schemac;
}

/** Runs the command line; the exit code is set, not taken, so that output is written whole. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 1;
  }
}
