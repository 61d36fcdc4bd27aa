/**
 * The verbs as a process of its own, for tests that change its surroundings or kill it: arguments as
 * JSON in, the result as JSON on the last line of standard output.
 */
import { checkCommand } from '../../compiler/commands/check.ts';
import { compileCommand, type CompileArguments } from '../../compiler/commands/compile.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';

const [verb, text] = process.argv.slice(2);
const given = { ...(JSON.parse(text ?? '{}') as Omit<CompileArguments, 'report'>), report: () => undefined };
const action = verb === 'check' ? checkCommand : compileCommand;
const result = await action(given).catch((error: unknown) => {
  if (!(error instanceof DiagnosticError)) throw error;
  return { exitCode: 1, diagnostics: error.diagnostics, lines: [] };
});
process.stdout.write(`\n${JSON.stringify(result)}\n`);
