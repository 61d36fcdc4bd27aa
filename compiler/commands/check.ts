/**
 * The verb `check`: the same as `compile` with nothing written and nothing trusted: the state comes
 * from replaying the migrations, and every file of generated/ must be what it would be.
 */
import { join } from 'node:path';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { explainFileError } from '../workspace/file-errors.ts';
import { compareFiles, isWritingUnfinished } from '../workspace/files.ts';
import { readSnapshot } from '../workspace/snapshot.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { compileWorkspace, failed, type CompileArguments } from './compile.ts';
import { hashText } from './outputs.ts';
import type { CommandResult } from './result.ts';

export async function checkCommand(given: CompileArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  if (isWritingUnfinished(workspace.generated)) return interrupted();
  const outcome = await compileWorkspace(workspace, given, 'migrations').catch((error: unknown) => losses(error, workspace));
  if ('exitCode' in outcome) return outcome;
  const { compiled, files, diagnostics } = outcome;
  if (diagnostics.some(({ severity }) => severity === 'error')) return failed(diagnostics);
  const { verifyDbml } = await import('../emit/dbml-verify.ts');
  const document = (await import('./design-document.ts')).designDocumentOf(compiled.snapshot.state, compiled.declared);
  // That an optional package is missing makes nothing stale.
  const dbmlFindings = (await verifyDbml(files.get('schema.dbml') ?? '', document)).filter(({ severity }) => severity !== 'notice');
  const stale = [
    ...staleness(
      workspace,
      files,
      compiled.migrations.map(({ name }) => name),
    ),
    ...dbmlFindings,
    ...editedReports(workspace, files),
  ];
  const all = [...diagnostics, ...stale];
  return {
    exitCode: stale.length === 0 ? 0 : 2,
    diagnostics: all,
    json: { current: stale.length === 0, engine: compiled.engine, diagnostics: all },
    lines:
      stale.length === 0
        ? [`everything is current, proven on ${compiled.engine}`]
        : [`generated/ is not current: ${stale.length} ${stale.length === 1 ? 'finding' : 'findings'}`],
  };
}

const mend = 'run npm run compile and commit what it writes';

function interrupted(): CommandResult {
  return notCurrent([
    {
      code: 'write-interrupted',
      severity: 'warning',
      message: 'a compile was interrupted while it wrote generated/: some files are new, some are old',
      hint: mend,
    },
  ]);
}

/** What stops a compile before it knows what it would write, and is no mistake in itself. */
const unfinished = new Set(['data-loss', 'custom-edited', 'custom-missing']);

/** A change that nobody allowed yet is a change without a migration, like any other. */
function losses(error: unknown, workspace: Workspace): CommandResult {
  if (!(error instanceof DiagnosticError)) return explainFileError(error, workspace);
  if (error.diagnostics.some(({ code, severity }) => severity === 'error' && !unfinished.has(code))) throw error;
  return notCurrent(error.diagnostics);
}

function notCurrent(diagnostics: readonly Diagnostic[]): CommandResult {
  const count = diagnostics.length === 1 ? '1 finding' : `${diagnostics.length} findings`;
  return { exitCode: 2, diagnostics, json: { current: false, diagnostics }, lines: [`generated/ is not current: ${count}`] };
}

function staleness(workspace: Workspace, files: ReadonlyMap<string, string>, pending: readonly string[]): readonly Diagnostic[] {
  const { missing, different, extra } = compareFiles(workspace.generated, files);
  const finding = (code: string, path: string, words: string, hint: string): Diagnostic => ({
    code,
    severity: 'warning',
    message: `generated/${path} ${words}`,
    place: { file: `generated/${path}`, line: 1, column: 1 },
    hint,
  });
  const derived = (path: string): boolean => path === 'snapshot.json' || path === 'migrations/migrations.lock';
  return [
    ...(pending.length === 0
      ? []
      : [
          {
            code: 'migration-pending',
            severity: 'warning' as const,
            message: `schema/ has changes without a migration: ${pending.join(', ')} would be written`,
            hint: mend,
          },
        ]),
    ...missing
      .filter((path) => !pending.some((name) => path.includes(name)))
      .map((path) => finding('output-missing', path, 'is missing', mend)),
    ...different
      .filter((path) => pending.length === 0 || !derived(path))
      .map((path) => finding('output-stale', path, 'is not what the schema says now', mend)),
    ...extra.map((path) =>
      finding(
        'output-extra',
        path,
        'is no output of the compiler',
        `remove it, or keep it elsewhere: nothing but outputs lives in generated/`,
      ),
    ),
  ];
}

/** Change reports are written once; the snapshot remembers what they were. */
function editedReports(workspace: Workspace, files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const hashes = readSnapshot(join(workspace.generated, 'snapshot.json'))?.reports ?? {};
  return Object.entries(hashes)
    .filter(([path, hash]) => hashText(files.get(path) ?? '') !== hash)
    .map(([path]): Diagnostic => ({
      code: files.has(path) ? 'report-edited' : 'report-missing',
      severity: 'warning',
      message: `generated/${path} ${files.has(path) ? 'is not what was written with its migration' : 'is missing'}`,
      place: { file: `generated/${path}`, line: 1, column: 1 },
      hint: `take it back: git checkout -- generated/${path}`,
    }));
}
