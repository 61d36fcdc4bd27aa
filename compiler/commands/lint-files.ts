/**
 * The verb `lint`: any SQL file against the state after the last migration: what each statement locks,
 * costs and loses, found by running it on generated rows. Nothing is written, no database is touched.
 */
import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { engineRequestOf } from './engine-request.ts';
import { openEngine, openState } from '../engine/open.ts';
import type { Engine } from '../engine/engine.ts';
import { hazardLines, lockLines, oneLine, type MeasuredStatement } from '../emit/script-parts.ts';
import { load } from '../load/load.ts';
import { policyFindings } from '../lint/policy.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { fail, type Diagnostic } from '../model/diagnostic.ts';
import type { HazardName } from '../model/statement.ts';
import { replay } from '../prove/replay.ts';
import { provideRoles } from '../prove/roles.ts';
import { readState, setProofClock } from '../prove/run.ts';
import { extensionsOf } from '../sources/extensions.ts';
import { parsedMigrations, readHistory, type History } from '../workspace/history.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { readHandWritten, report, type HandWrittenReport } from './hand-written-report.ts';
import { rowsLines } from './policy-check.ts';
import type { CommandResult } from './result.ts';

export interface LintArguments {
  readonly root: string;
  readonly files: readonly string[];
  readonly allow: readonly string[];
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

/** Exit code 0: nothing to look at; 2: something that holds others up or loses data; 1: refused by PostgreSQL or by the policy. */
export async function lintCommand(given: LintArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  const declared = await load({ root: given.root, folder: 'schema', loader: given.loader });
  const history = await readHistory(workspace);
  const results: FileResult[] = [];
  for (const file of given.files) results.push(await lintFile(file, { workspace, declared, history, given }));
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return {
    exitCode: hasErrors ? 1 : diagnostics.length === 0 ? 0 : 2,
    diagnostics,
    json: { after: history.lock.at(-1)?.name ?? null, files: results.map(({ json }) => json), diagnostics },
    lines: results.flatMap(({ lines }) => lines),
  };
}

interface LintContext {
  readonly workspace: Workspace;
  readonly declared: DeclaredSchema;
  readonly history: History;
  readonly given: LintArguments;
}

interface FileResult {
  readonly json: object;
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

async function lintFile(path: string, context: LintContext): Promise<FileResult> {
  const { declared, given } = context;
  const file = relative(given.root, resolve(given.root, path)).split(sep).join('/');
  const script = readHandWritten(await textOf(resolve(given.root, path), file), file);
  const external = new Set(declared.objects.flatMap(({ id }) => (declared.annotations.get(id)?.external === true ? [id] : [])));
  const opened: Engine[] = [];
  try {
    const reported = await report({
      script,
      file,
      name: file,
      annotation: (id) => declared.annotations.get(id) ?? {},
      engine: async (roles) => {
        const engine = await engineAfter(context);
        opened.push(engine);
        await setProofClock(engine);
        await provideRoles(engine, roles);
        return engine;
      },
      read: (engine, within) => readState(engine, within),
      externals: external,
      major: declared.project.postgres,
    });
    return resultOf(file, reported, context);
  } finally {
    for (const engine of opened) await engine.close();
  }
}

async function textOf(path: string, file: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    fail('sql-file', `${file} cannot be read: ${error.code ?? error.message}`, { hint: 'name a file of SQL statements' }),
  );
}

/** The state after the last migration: kept by a compile, or replayed. */
async function engineAfter({ workspace, declared, history, given }: LintContext): Promise<Engine> {
  const request = { ...engineRequestOf(workspace, given.engine), extensions: extensionsOf(declared.objects) };
  const kept = await openState(request, history.head);
  if (kept !== undefined) return kept;
  const engine = await openEngine(request);
  await replay(engine, parsedMigrations(history));
  return engine;
}

/** What a reader has to know before the file is run; the other hazards stand in the report. */
const grave: ReadonlySet<HazardName> = new Set(['data-loss', 'rewrite', 'blocks-reads', 'blocks-writes', 'long-scan']);

function resultOf(file: string, reported: HandWrittenReport, { declared, given }: LintContext): FileResult {
  const { statements, proven } = reported;
  const measured = statements.map((statement): MeasuredStatement => {
    const seen = reported.measuredOf(statement);
    return seen === undefined ? { statement } : { statement, measured: seen };
  });
  const findings = statements.flatMap((statement) =>
    statement.hazards
      .filter(({ hazard, subject }) => grave.has(hazard) && !given.allow.includes(`${hazard}:${subject}`))
      .map((hazard): Diagnostic => ({
        code: 'sql-hazard',
        severity: 'warning',
        message: `${hazard.hazard}: ${hazard.reason} (${hazard.subject})`,
        subject: hazard.subject,
        place: reported.placeOf(statement),
        hint: `if it is meant: --allow '${hazard.hazard}:${hazard.subject}'`,
      })),
  );
  return {
    diagnostics: [...findings, ...policyOn(file, measured, reported, declared)],
    json: {
      file,
      proven,
      statements: statements.map((statement, at) => ({
        number: at + 1,
        ...reported.placeOf(statement),
        sql: statement.sql,
        step: statement.step,
        measured: reported.measuredOf(statement) !== undefined,
        locks: statement.locks,
        rewrites: statement.rewrites,
        scans: statement.scans,
        hazards: statement.hazards,
      })),
    },
    lines: [
      `${file}: ${String(statements.length)} ${statements.length === 1 ? 'statement' : 'statements'}, run on ${proven}`,
      ...measured.flatMap((each, at) => statementLines(each, at, reported)),
    ],
  };
}

function statementLines(each: MeasuredStatement, at: number, reported: HandWrittenReport): readonly string[] {
  const { statement } = each;
  const { line, column } = reported.placeOf(statement);
  const numbered = (text: string): string => text.replace(/^\d+ /, '');
  const hazards = hazardLines([each]).map((text) => `    hazard ${numbered(text)}`);
  return [
    `  ${String(at + 1)} at ${String(line)}:${String(column)}, ${statement.step}: ${oneLine(statement.purpose)}`,
    ...lockLines(each, at).map((text) => `    ${numbered(text)}`),
    ...hazards,
  ];
}

/** The policy judges the file as it would judge a migration made of it. */
function policyOn(
  file: string,
  measured: readonly MeasuredStatement[],
  reported: HandWrittenReport,
  declared: DeclaredSchema,
): readonly Diagnostic[] {
  const { policy } = declared.project;
  if (policy === undefined) return [];
  const statements = measured.map(({ statement }) => statement);
  const head = { locks: measured.flatMap(lockLines), hazards: hazardLines(measured), rows: rowsLines(statements, declared) };
  const step = (number: number) => {
    const statement = statements[number - 1];
    return statement === undefined ? { purpose: '' } : { purpose: oneLine(statement.purpose), place: reported.placeOf(statement) };
  };
  const { after: _, ...always } = policy;
  const findings = policyFindings(always, [{ name: file, head, step }], (table) => declared.annotations.get(table)?.expectedRows);
  return findings.filter(({ code }) => code === 'forbidden-by-policy');
}
