/**
 * The library: what the command line does, as functions that return data and print nothing.
 */
export { compileCommand as compile } from './commands/compile.ts';
export type { CompileArguments } from './commands/compile.ts';
export { checkCommand as check } from './commands/check.ts';
export { migrateCommand as migrate } from './commands/migrate.ts';
export type { MigrateArguments } from './commands/migrate.ts';
export { statusCommand as status } from './commands/status.ts';
export type { StatusArguments } from './commands/status.ts';
export type { CommandResult, Report } from './commands/result.ts';
export type { Diagnostic, Place } from './model/diagnostic.ts';
