/**
 * A file of schema/custom/ becomes a migration: run statement by statement on rows and on none,
 * measured, held against what is declared, and written as any other. Nothing is written to a disk here.
 */
import { diff } from '../diff/diff.ts';
import { migrationText } from '../emit/migration.ts';
import type { MeasuredStatement } from '../emit/script-parts.ts';
import { DiagnosticError, type Place } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { withCarried } from '../prove/carried.ts';
import { rolesNamed } from '../prove/roles.ts';
import { readState } from '../prove/run.ts';
import type { CustomFile } from '../workspace/custom-files.ts';
import { externalsOf, stubStatements, withoutExternals } from '../workspace/external.ts';
import { extended } from '../workspace/history.ts';
import { refuseUnlessAllowed } from './allowances.ts';
import { disagreementsWith } from './custom-agreement.ts';
import { readHandWritten, report, type HandWrittenReport, type HandWrittenScript } from './hand-written-report.ts';
import { rowsLines } from './policy-check.ts';
import { prepareProof, type MigrationStage, type Staged } from './new-migration.ts';
import { referencesOf, withExternals, type EngineShelf } from './standing.ts';

export interface CustomStage extends Omit<MigrationStage, 'engine'> {
  readonly engines: EngineShelf;
  readonly custom: CustomFile;
}

/** Throws a `DiagnosticError` where PostgreSQL, the schema or an allowance that is missing refuses it. */
export async function customMigration(stage: CustomStage): Promise<Staged> {
  const { custom, request, standing, desired, externals } = stage;
  const target = request.declared.project.postgres;
  const previous = standing.snapshot;
  const script = readHandWritten(custom.text, custom.file);
  const reported = await report({
    script,
    file: custom.file,
    name: custom.name,
    annotation: (id) => request.declared.annotations.get(id) ?? {},
    engine: async (roles) => {
      const engine = await stage.engines.holding(standing);
      await prepareProof({ ...stage, engine }, roles);
      return engine;
    },
    read: async (engine, within, rows) =>
      withCarried(
        await readState(engine, within, rows === 'declared' ? { tables: request.declared.referenceTables ?? [] } : undefined),
        previous.carried,
      ),
    externals,
    major: target,
  });
  const { statements, engine } = reported;
  const problems = disagreementsWith({ custom, reported, before: previous.state, desired, externals });
  if (problems.some(({ severity }) => severity === 'error')) throw new DiagnosticError(problems);
  const allowances = refuseUnlessAllowed(statements, [], request.allowances, request.declared, (statement) => reported.placeOf(statement));
  const summary = summaryOf(custom, script);
  const stubbed = externalsOf(statements, desired, externals);
  const undo = script.undo === '' ? {} : { undo: script.undo };
  const text = migrationText({
    name: custom.name,
    summary,
    phase: script.phase,
    custom: custom.hash,
    target,
    proven: reported.proven,
    allowances,
    rows: rowsLines(statements, request.declared),
    roles: [...new Set([...reported.roles, ...rolesNamed(statements, [previous.state, reported.after])])].sort(),
    externals: stubStatements(desired, stubbed, target),
    transactions: transactionsOf(script, statements),
    statements: measuredStatements(reported),
    ...undo,
  });
  const history = extended(standing.history, custom.name, text);
  if (request.trust === 'snapshot') await engine.keep(history.head);
  const state = withExternals(reported.after, desired, externals);
  const [before, after] = [previous.state, state].map((each) => withoutExternals(each, externals)) as [State, State];
  return {
    diagnostics: [...problems, ...reported.diagnostics],
    migration: {
      name: custom.name,
      phase: script.phase,
      ...undo,
      placeOf: (step) => placeOfStep(reported, step),
      text,
      summary,
      changes: diff(before, after),
      statements,
      allowances,
      proven: reported.proven,
      before,
      after,
    },
    standing: {
      history,
      engine,
      snapshot: {
        head: history.head,
        engine: engine.identity.name,
        externals: [...new Set([...previous.externals, ...stubbed])].sort(),
        carried: [...previous.carried, ...statements.flatMap((statement) => statement.carries ?? [])],
        state,
        ...referencesOf(request.declared),
        reports: {},
      },
    },
  };
}

/** The first paragraph of the comment at its top, or its name. */
function summaryOf({ name }: CustomFile, { summary }: HandWrittenScript): readonly string[] {
  const [paragraph = ''] = summary.split(/\n\s*\n/);
  const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [`${name.replace(/^\d+_/, '').replaceAll('_', ' ')}.`];
}

/** What somebody put into a transaction stays in it; what stands alone gets one of its own, with a limit for waiting. */
function transactionsOf(script: HandWrittenScript, statements: readonly Statement[]): readonly Transaction[] {
  let at = 0;
  return script.transactions.map(({ block, begin, settings, steps }) => {
    const own = statements.slice(at, at + steps.length);
    at += steps.length;
    return {
      block: block || own[0]?.step === 'transactional',
      statements: own,
      settings: settings.map(({ sql }) => sql),
      ...(begin === undefined ? {} : { begin }),
    };
  });
}

function placeOfStep({ statements, placeOf }: HandWrittenReport, step: number): Place | undefined {
  const statement = statements[step - 1];
  return statement === undefined ? undefined : placeOf(statement);
}

function measuredStatements({ statements, measuredOf }: HandWrittenReport): readonly MeasuredStatement[] {
  return statements.map((statement) => {
    const measured = measuredOf(statement);
    return measured === undefined ? { statement } : { statement, measured };
  });
}
