/**
 * SQL that somebody wrote by hand, run on an engine and reported on: what each statement locks, costs
 * and loses, and where it stands in its file. For files of schema/custom/ and for `lint`.
 */
import type { PostgresError } from '../engine/engine.ts';
import { type Engine } from '../engine/engine.ts';
import { isForeignKey, isTable } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import type { Annotation } from '../model/declared.ts';
import { DiagnosticError, fail, type Diagnostic, type Place } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Lock, Statement } from '../model/statement.ts';
import { handWritten } from '../prove/hand-written.ts';
import { observe, type Observation, type Observed } from '../prove/observe.ts';
import { nextToken } from '../sql/scan.ts';
import { readScript, type MigrationFile, type MigrationStep } from '../sql/migration-file.ts';
import { placeOf } from '../sql/script.ts';
import { statementFacts, type StatementFacts } from '../sql/statement-facts.ts';
import { provenWords } from './proven-words.ts';

export interface HandWrittenReport {
  readonly statements: readonly Statement[];
  readonly placeOf: (statement: Statement) => Place;
  /** What was seen where it could be: in a transaction. */
  readonly measuredOf: (
    statement: Statement,
  ) => { readonly locks: readonly Lock[]; readonly rewrites: readonly Address[]; readonly scans: readonly Address[] } | undefined;
  /** Each statement as it ran on tables without rows. */
  readonly steps: readonly Observed[];
  /** Holds what the SQL leads to, without rows of the proof. */
  readonly engine: Engine;
  readonly after: State;
  readonly roles: readonly string[];
  readonly proven: string;
  readonly diagnostics: readonly Diagnostic[];
}

export type HandWrittenScript = Omit<MigrationFile, 'name' | 'number'>;

export interface ReportRequest {
  readonly script: HandWrittenScript;
  /** As messages show it. */
  readonly file: string;
  readonly name: string;
  readonly annotation: (id: Address) => Annotation;
  /** Gives an engine that holds the state before, with these roles; each is used up. */
  readonly engine: (roles: readonly string[]) => Promise<Engine>;
  readonly read: (engine: Engine, within: 'transaction' | 'no transaction', rows: 'declared' | 'none') => Promise<State>;
  readonly externals: ReadonlySet<Address>;
  readonly major: number;
}

/** Reads a file; throws a `DiagnosticError` with its place. */
export function readHandWritten(text: string, file: string): HandWrittenScript {
  const script = readScript(text, file);
  const found = [script.locks, script.hazards, script.roles, script.allows].some((list) => list.length > 0);
  if (found || script.externals !== '' || script.target !== undefined) {
    fail('migration-format', `the head of ${file} says what is found out when it is compiled`, {
      place: { file, line: 1, column: 1 },
      hint: 'a hand-written file may say phase and undo; leave out locks, hazards, allows, roles, externals, target and proven',
    });
  }
  return script;
}

/** Throws a `DiagnosticError` at the statement that PostgreSQL refuses. */
export async function report(request: ReportRequest): Promise<HandWrittenReport> {
  const { script, externals } = request;
  const facts = new Map<string, StatementFacts | undefined>();
  for (const { sql } of stepsOf(script)) facts.set(sql, await statementFacts(sql));
  const roles = [...new Set([...facts.values()].flatMap((known) => known?.roles ?? []))].sort();
  const filledEngine = await request.engine(roles);
  const before = await request.read(filledEngine, 'no transaction', 'none');
  const existing = new Set([...before.keys(), ...externals]);
  const filled = await observe({
    engine: filledEngine,
    script,
    tables: tablesMeant(script, before),
    existing,
    read: (within) => request.read(filledEngine, within, 'none'),
  });
  if (filled.failure !== undefined && !isAboutRows(filled.failure.error)) refused(filled.failure, request);
  const engine = await request.engine(roles);
  const empty = await observe({ engine, script, tables: [], existing, read: (within) => request.read(engine, within, 'declared') });
  if (empty.failure !== undefined) refused(empty.failure, request);
  const observed = filled.failure === undefined ? filled : empty;
  const context = { name: request.name, phase: script.phase, major: request.major, annotation: request.annotation };
  const judged = new Map<Statement, Observed>();
  for (const transaction of script.transactions) {
    const held: (Lock & { readonly since: number })[] = [];
    for (const step of observed.steps.filter(({ step: own }) => transaction.steps.includes(own))) {
      const statement = handWritten(step, facts.get(step.step.sql), context, held);
      judged.set(withFailure(statement, step.step, filled), step);
      held.push(...statement.locks.map((lock) => ({ ...lock, since: judged.size })));
    }
  }
  return {
    statements: [...judged.keys()],
    placeOf: (statement) => placeAt(judged.get(statement)?.step, request.file),
    measuredOf: (statement) => (judged.get(statement)?.within === 'transaction' ? statement : undefined),
    steps: empty.steps,
    engine,
    after: empty.after,
    roles,
    proven: provenWords(engine, observed === filled ? filled : { seeded: [], unseeded: [] }),
    diagnostics: [],
  };
}

function stepsOf(script: HandWrittenScript): readonly MigrationStep[] {
  return script.transactions.flatMap(({ steps }) => steps);
}

/** Integrity constraints and values (classes 22 and 23 of the manual's appendix A): what generated rows break, real ones may keep. */
function isAboutRows({ code }: PostgresError): boolean {
  return code.startsWith('22') || code.startsWith('23');
}

/** A statement that failed on generated rows may fail on real ones. */
function withFailure(statement: Statement, step: MigrationStep, { failure }: Observation): Statement {
  if (failure?.step !== step) return statement;
  const reason = `fails where rows are like generated ones: ${failure.error.message} [${failure.error.code}]`;
  return { ...statement, hazards: [...statement.hazards, { hazard: 'data-dependent', subject: statement.subject, reason }] };
}

/** Tables whose names stand anywhere in the file, in a body or a text too, and all that refer to one of them: too many rows do no harm. */
function tablesMeant(script: HandWrittenScript, state: State): readonly Address[] {
  const words = new Set(stepsOf(script).flatMap(({ sql }) => [...wordsIn(sql)]));
  const objects = [...state.values()];
  const wanted = new Set(objects.filter((object) => isTable(object) && words.has(object.path[1] ?? '')).map(({ id }) => id));
  const references = objects.filter(isForeignKey);
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const { partOf, attributes } of references) if (partOf !== undefined && wanted.has(attributes.references)) wanted.add(partOf);
  }
  return [...wanted].sort();
}

function* wordsIn(sql: string): Generator<string> {
  for (let token = nextToken(sql, 0); token !== undefined && token.token !== 'unterminated'; token = nextToken(sql, token.end)) {
    const text = sql.slice(token.start, token.end);
    if (token.token === 'word') yield text.toLowerCase();
    else if (token.token === 'name') yield text.slice(1, -1).replaceAll('""', '"');
    else if (token.token === 'text') yield* wordsIn(text.replace(/^\$[^$]*\$|\$[^$]*\$$|^[a-zA-Z&]*'|'$/g, ''));
  }
}

function placeAt(step: MigrationStep | undefined, file: string): Place {
  return { file, line: step?.line ?? 1, column: step?.column ?? 1 };
}

function refused({ step, error }: NonNullable<Observation['failure']>, { file }: ReportRequest): never {
  const before = error.position === undefined ? '' : [...step.sql].slice(0, error.position - 1).join('');
  const inner = placeOf(step.sql, before.length, file);
  const column = inner.line === 1 ? step.column + inner.column - 1 : inner.column;
  const detail = error.detail === undefined ? '' : ` ${error.detail}.`;
  throw new DiagnosticError([
    {
      code: 'sql-refused',
      severity: 'error',
      message: `PostgreSQL refuses step ${String(step.number)}: ${error.message} [${error.code}].${detail}`,
      place: { file, line: step.line + inner.line - 1, column },
      hint: error.hint ?? 'it runs on the state after the migrations before it, and on what the statements above it made',
    },
  ]);
}
