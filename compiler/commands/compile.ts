/**
 * The verb `compile`: computes every output from schema/ and the migrations, and writes what differs.
 * Nothing is written when there is an error.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { hashesOf } from '../prove/elaborate-changed.ts';
import { lint } from '../lint/lint.ts';
import { load } from '../load/load.ts';
import { checkTypes } from '../load/types.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import type { Phase } from '../model/statement.ts';
import { explainFileError } from '../workspace/file-errors.ts';
import { finishWriting, isWritingUnfinished, writeFiles, type FileSet } from '../workspace/files.ts';
import { allowancesOf, amendHistory, rebaseHistory, type Reopened, type ReopenedMigration } from '../workspace/amend.ts';
import { readHistory, type History } from '../workspace/history.ts';
import { readMeasurements } from '../workspace/measurements.ts';
import { headOfText, readSnapshotHead } from '../workspace/snapshot.ts';
import { writeCached } from '../workspace/head-cache.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { compileSchema, type Compiled } from './compile-schema.ts';
import { engineRequestOf } from './engine-request.ts';
import { gateWithReferences } from './gate-with-references.ts';
import { isOutput, outputsOf } from './outputs.ts';
import type { NewMigration } from './new-migration.ts';
import { openCustomFiles, type RenamedFile } from './pending-custom.ts';
import type { WantedNames } from './phase-files.ts';
import { checkPolicy } from './policy-check.ts';
import { withPlanChanges } from './plan-changes.ts';
import type { CommandResult, Report } from './result.ts';
import { stampInputs, writeStamp } from './stamp.ts';
import { warmEngine, type WarmEngine } from './warm-engine.ts';

export interface CompileArguments {
  readonly root: string;
  readonly name?: string;
  readonly allow: readonly string[];
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
  /** `extend`: a new migration; `amend`: the last one is replaced; `rebase`: those of this branch are made anew. */
  readonly history: 'extend' | 'amend' | 'rebase';
  readonly report: Report;
  /** An engine that was started earlier; without it one is started beside the loading of the schema. */
  readonly warm?: WarmEngine;
}

export async function compileCommand(given: CompileArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  return compileAndWrite(workspace, given).catch((error: unknown) => explainFileError(error, workspace));
}

async function compileAndWrite(workspace: Workspace, given: CompileArguments): Promise<CommandResult> {
  if (isWritingUnfinished(workspace.generated)) {
    given.report('finishing what an interrupted compile began to write');
    finishWriting(workspace.generated);
  }
  const inputs = stampInputs(given);
  const { compiled, reopened, renamed, files, diagnostics } = await compileWorkspace(workspace, given, 'snapshot');
  if (diagnostics.some(({ severity }) => severity === 'error')) return failed(diagnostics);
  const snapshotBefore = existsSync(join(workspace.generated, 'snapshot.json'))
    ? readFileSync(join(workspace.generated, 'snapshot.json'), 'utf8')
    : '';
  for (const { from, to } of renamed) renameSync(join(workspace.root, from), join(workspace.root, to));
  const differences = await writeFiles(workspace.generated, files, { order: writeOrder(compiled), isOurs: isOutput });
  const written = [...differences.missing, ...differences.different, ...differences.extra];
  remember(workspace, compiled, snapshotBefore);
  const { sources } = compiled.declared;
  const names = compiled.migrations.map(({ name }) => name);
  if (inputs !== undefined && sources !== undefined) writeStamp(given, inputs, { sources, engine: compiled.engine, diagnostics });
  return {
    exitCode: 0,
    diagnostics,
    json: {
      migration: names.at(-1) ?? null,
      migrations: names,
      statements: compiled.migrations.flatMap(statementsJson),
      written,
      engine: compiled.engine,
      diagnostics,
    },
    lines: [...renamed.map(({ from, to }) => `renamed ${from} to ${to}`), ...summaryOf(compiled, reopened, written.length)],
  };
}

/** What each statement of a new migration locks, costs and risks, as its head has it. */
function statementsJson({ name, statements }: NewMigration): readonly object[] {
  return statements.map(({ sql, step, purpose, locks, rewrites, scans, hazards }, at) => ({
    migration: name,
    number: at + 1,
    step,
    purpose,
    sql,
    locks,
    rewrites,
    scans,
    hazards,
  }));
}

/** For later compiles: what was declared, and the snapshot that was replaced, should its migration be the last one again. */
function remember(workspace: Workspace, compiled: Compiled, snapshotBefore: string): void {
  const { head } = compiled.snapshot;
  writeCached(workspace, 'declared', { head, text: JSON.stringify([...hashesOf(compiled.declared)]) });
  const before = headOfText(snapshotBefore);
  if (before !== undefined && before !== head) writeCached(workspace, 'snapshots', { head: before, text: snapshotBefore });
}

export interface CompiledWorkspace {
  readonly compiled: Compiled;
  /** Migrations that were made anew, or turned out not to be needed. */
  readonly reopened: readonly ReopenedMigration[];
  /** Files of schema/custom/ that are to get other numbers. */
  readonly renamed: readonly RenamedFile[];
  readonly files: FileSet;
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything but the writing; throws a `DiagnosticError` where there is nothing to write. */
export async function compileWorkspace(
  workspace: Workspace,
  given: CompileArguments,
  trust: 'snapshot' | 'migrations',
): Promise<CompiledWorkspace> {
  const request = engineRequestOf(workspace, given.engine);
  if (given.engine === undefined && !existsSync(request.cacheFolder))
    given.report('making an embedded PostgreSQL, once a project; this takes some seconds');
  const warm =
    given.warm ?? warmEngine(workspace, request, trust === 'snapshot' && given.history === 'extend' ? lastState(workspace) : undefined);
  const types = checkTypes(workspace.root);
  // It runs beside the rest; when both fail, as on a full disk, nobody may be waiting for it yet.
  types.catch(() => undefined);
  try {
    return await loadAndCompile(workspace, { ...given, warm }, trust, types);
  } catch (error) {
    return failWithTypes(error, await types);
  } finally {
    await warm.release();
  }
}

/** What an engine that holds the state after the last migration was kept under; a wrong one is only of no use. */
function lastState(workspace: Workspace): string | undefined {
  const file = join(workspace.generated, 'snapshot.json');
  if (!existsSync(file)) return undefined;
  const beginning = Buffer.alloc(256);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, beginning);
  closeSync(descriptor);
  return headOfText(beginning.toString('latin1'));
}

/** What the types refuse may fail in any way later on: then the type errors are what is to be said. */
function failWithTypes(error: unknown, mistakes: readonly Diagnostic[]): never {
  if (error instanceof DiagnosticError) throw new DiagnosticError([...error.diagnostics, ...mistakes]);
  throw hasErrors(mistakes) ? new DiagnosticError(mistakes) : error;
}

async function loadAndCompile(
  workspace: Workspace,
  given: CompileArguments & { readonly warm: WarmEngine },
  trust: 'snapshot' | 'migrations',
  types: Promise<readonly Diagnostic[]>,
): Promise<CompiledWorkspace> {
  const declared = await load({ root: workspace.root, folder: 'schema', loader: given.loader });
  const early = [...declared.diagnostics];
  if (hasErrors(early)) throw new DiagnosticError(early);
  const { history, reopened } = await openHistory(workspace, given);
  const custom = openCustomFiles(workspace, history, given.history);
  if (given.history === 'rebase') given.report(`making anew: ${reopened.map(({ name }) => name).join(', ')}`);
  const planning = given.warm.ready.then(() =>
    gateWithReferences({ workspace, declared, trust: trust === 'snapshot' ? 'cache' : 'nothing', planner: given.warm.planner }),
  );
  // It runs beside the rest, and is of no use when that fails.
  planning.catch(() => undefined);
  const compiled = await compileSchema({
    workspace,
    declared,
    history,
    trust,
    allowances: [...given.allow, ...allowancesOf(reopened)],
    custom: custom.files,
    unwritten: custom.empty,
    report: given.report,
    warm: given.warm,
    ...(given.engine === undefined ? {} : { engine: given.engine }),
    names: namesOf(given, reopened),
  });
  const gate = await planning;
  const before = readSnapshotHead(join(workspace.generated, 'snapshot.json'))?.plans ?? {};
  const diagnostics = [
    ...early,
    ...custom.diagnostics,
    ...(await types),
    ...compiled.diagnostics,
    ...withPlanChanges(gate.diagnostics, before, gate.plans, declared),
    ...checkPolicy(declared, history, compiled.migrations),
    ...lint({
      declared,
      state: compiled.snapshot.state,
      statements: compiled.migrations.flatMap(({ statements }) => statements),
      ...gate,
    }),
  ];
  return {
    compiled,
    reopened,
    renamed: custom.renamed,
    diagnostics,
    files: outputsOf(
      compiled,
      { history, reports: readReports(workspace, history), written: writtenReports(workspace, history) },
      { ...gate, before, measurements: readMeasurements(workspace.root) },
    ),
  };
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

async function openHistory(workspace: Workspace, given: CompileArguments): Promise<Reopened> {
  if (given.history === 'amend') return amendHistory(workspace);
  return given.history === 'rebase' ? rebaseHistory(workspace) : { history: await readHistory(workspace), reopened: [] };
}

/** A migration that is made anew keeps its name, without the number; what follows a deploy is named after what precedes it. */
function namesOf(given: CompileArguments, reopened: readonly ReopenedMigration[]): WantedNames {
  if (given.name !== undefined) return { expand: given.name, contract: `${given.name} contract`, alone: given.name };
  const last = (phase: Phase): string | undefined =>
    reopened.findLast((migration) => migration.custom === undefined && migration.phase === phase)?.name.replace(/^\d+_/, '');
  const [expand, contract] = [last('expand'), last('contract')];
  return { ...(expand === undefined ? {} : { expand }), ...(contract === undefined ? {} : { contract }) };
}

/** Change reports of the migrations that stay, as they are. */
function readReports(workspace: Workspace, history: History): FileSet {
  const paths = history.lock.map(({ name }) => `changes/${name}.md`).filter((path) => existsSync(join(workspace.generated, path)));
  return new Map(paths.map((path) => [path, readFileSync(join(workspace.generated, path), 'utf8')]));
}

/** What the reports were when they were written, as far as the snapshot can be trusted to say. */
function writtenReports(workspace: Workspace, history: History): Readonly<Record<string, string>> {
  const hashes = readSnapshotHead(join(workspace.generated, 'snapshot.json'))?.reports ?? {};
  const paths = new Set(history.lock.map(({ name }) => `changes/${name}.md`));
  return Object.fromEntries(Object.entries(hashes).filter(([path]) => paths.has(path)));
}

/** The migrations before the lock that names them, and the snapshot that rests on both last. */
function writeOrder(compiled: Compiled): readonly string[] {
  return [...compiled.migrations.map(({ name }) => `migrations/${name}.sql`), 'migrations/migrations.lock', 'snapshot.json'];
}

function summaryOf(compiled: Compiled, reopened: readonly ReopenedMigration[], written: number): readonly string[] {
  if (compiled.migrations.length === 0) {
    const removed = reopened.map(({ name }) => `removed generated/migrations/${name}.sql: schema/ no longer asks for it`);
    if (removed.length > 0) return [...removed, `${written} files written`];
    return [written === 0 ? `everything is current, proven on ${compiled.engine}` : `no migration needed; ${written} documents written`];
  }
  return [...anewLines(compiled, reopened), ...compiled.migrations.flatMap(migrationLines), `${written} files written`];
}

function migrationLines({ name, phase, summary, proven }: NewMigration): readonly string[] {
  const when = phase === 'contract' ? ', to be applied after the deploy' : '';
  return [`wrote generated/migrations/${name}.sql${when}`, ...summary.map((line) => `  ${line}`), `proven on ${proven}`];
}

function anewLines({ migrations }: Compiled, reopened: readonly ReopenedMigration[]): readonly string[] {
  const now = new Set(migrations.map(({ name }) => name));
  const last = migrations.at(-1)?.name ?? '';
  const successor = (phase: Phase): string => migrations.findLast((migration) => migration.phase === phase)?.name ?? last;
  return reopened.map(({ name, phase }) => `made ${name} anew${now.has(name) ? '' : ` as ${successor(phase)}`}`);
}

export function failed(diagnostics: readonly Diagnostic[]): CommandResult {
  return { exitCode: 1, diagnostics, json: { diagnostics }, lines: [] };
}
