/**
 * The library: what the verbs do, as functions for programs. They return data, print nothing and end
 * no process. What is wrong is in `diagnostics`; only mistakes of the program itself are thrown.
 */
import type { CommandResult } from './commands/result.ts';
import type { MigrateOptions, MigrateResult } from './migrate/migrate.ts';
import type { StatusOptions, StatusResult } from './migrate/status.ts';
import { DiagnosticError, type Diagnostic } from './model/diagnostic.ts';

export type { Diagnostic, Place } from './model/diagnostic.ts';
export type { MigrateAction, MigrateOptions, MigrateResult } from './migrate/migrate.ts';
export type { StatusOptions, StatusResult, StepStatus } from './migrate/status.ts';

export interface CheckOptions {
  /** The project's folder, which holds schema/ and generated/; the working directory where absent. */
  readonly root?: string;
  /** A `postgres://` URL of a server to prove on; the embedded PostgreSQL where absent. */
  readonly engine?: string;
  readonly loader?: 'esbuild' | 'ts-node';
  /** Takes one line of progress. */
  readonly report?: (line: string) => void;
}

export interface CompileOptions extends CheckOptions {
  /** Name of the new migration; made from what changed where absent. */
  readonly name?: string;
  /** What may be lost: `data-loss:column public.customers.name`. */
  readonly allow?: readonly string[];
  /** `extend`, also when absent: a new migration; `amend`: the last one is replaced; `rebase`: this branch's are made anew. */
  readonly history?: 'extend' | 'amend' | 'rebase';
}

export interface CompileResult {
  /** `current`: there was nothing to write; `written`: files of generated/ are new; `failed`: nothing was written. */
  readonly outcome: 'current' | 'written' | 'failed';
  /** Name of the migration that was written, such as `0002_add_customers_phone`; null when none was needed. */
  readonly migration: string | null;
  /** Files that were written or removed, relative to generated/. */
  readonly written: readonly string[];
  /** The engine that the proof ran on. */
  readonly engine?: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckResult {
  /** `stale`: generated/ is not what schema/ asks for, and `diagnostics` say where; `failed`: it could not be found out. */
  readonly outcome: 'current' | 'stale' | 'failed';
  readonly engine?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes the migration that schema/ asks for, and every document, as `schemac compile` does. */
export async function compile(options: CompileOptions = {}): Promise<CompileResult> {
  const { compileCommand } = await import('./commands/compile.ts');
  const { name } = options;
  const result = await outcomeOf(() =>
    compileCommand({
      ...inProject(options),
      allow: options.allow ?? [],
      history: options.history ?? 'extend',
      ...(name === undefined ? {} : { name }),
    }),
  );
  const { migration, written, engine } = result.json as Partial<CompileResult>;
  const outcome = result.exitCode !== 0 ? 'failed' : written === undefined || written.length === 0 ? 'current' : 'written';
  return {
    outcome,
    migration: migration ?? null,
    written: written ?? [],
    ...(engine === undefined ? {} : { engine }),
    diagnostics: result.diagnostics,
  };
}

/** Finds out whether generated/ is what schema/ asks for, and writes nothing, as `schemac check` does. */
export async function check(options: CheckOptions = {}): Promise<CheckResult> {
  const { checkCommand } = await import('./commands/check.ts');
  const result = await outcomeOf(() => checkCommand({ ...inProject(options), allow: [], history: 'extend' }));
  const { engine } = result.json as Partial<CheckResult>;
  const outcome = result.exitCode === 0 ? 'current' : result.exitCode === 2 ? 'stale' : 'failed';
  return { outcome, ...(engine === undefined ? {} : { engine }), diagnostics: result.diagnostics };
}

/**
 * Applies the migrations of a folder to a database, or shows, records or marks them. DATABASE_URL is
 * not read here: without `url`, libpq's variables and .pgpass say where to connect.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  return (await import('./migrate/migrate.ts')).migrate(options);
}

/** Where a database stands against the migrations of a folder. Reads only; connects as `migrate` does. */
export async function status(options: StatusOptions): Promise<StatusResult> {
  return (await import('./migrate/status.ts')).status(options);
}

function inProject(options: CheckOptions) {
  return {
    root: options.root ?? process.cwd(),
    loader: options.loader ?? 'esbuild',
    report: options.report ?? (() => undefined),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  } as const;
}

async function outcomeOf(verb: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await verb();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return { exitCode: 1, diagnostics: error.diagnostics, json: {}, lines: [] };
  }
}
