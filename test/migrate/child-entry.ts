/**
 * The runner as a process of its own, for tests that kill it: arguments as JSON in, the result as
 * JSON on standard output, progress on standard error.
 */
import { migrateCommand } from '../../compiler/commands/migrate.ts';

const given = JSON.parse(process.argv[2] ?? '{}') as object;
const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const result = await migrateCommand({ ...given, report: tell, tick: tell });
process.stdout.write(`${JSON.stringify({ diagnostics: result.diagnostics, lines: result.lines, json: result.json })}\n`);
process.exitCode = result.exitCode;
