/**
 * The way back from what a database has to the state after an earlier migration: both states are found
 * by replaying the migrations, planned with the planner of every other change, and proven on the
 * engine that holds the later one, with rows in it. Connects to no database but the engine's.
 */
import { numberText } from '../sql/migrations-lock.ts';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { openEngine, type EngineRequest } from '../engine/open.ts';
import { migrationText } from '../emit/migration.ts';
import { parseMigration } from '../migrate/folder.ts';
import type { UndoPlan, UndoQuestion } from '../migrate/undo-plan.ts';
import type { Address } from '../model/address.ts';
import type { Annotation, ReferenceTable } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import { noRow, type Carried, type Statement } from '../model/statement.ts';
import { summaryLines } from '../plan/summary.ts';
import { withCarried } from '../prove/carried.ts';
import { prove } from '../prove/prove.ts';
import { replay, type Replayed } from '../prove/replay.ts';
import { provideRoles, rolesNamed, rolesOf } from '../prove/roles.ts';
import { readEntries, readState } from '../prove/run.ts';
import { planTransition, type Transition } from '../prove/transition.ts';
import { extensionsIn } from '../sources/extensions.ts';
import { splitScript } from '../sql/script.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { withoutExternals } from '../workspace/external.ts';
import { readSnapshot } from '../workspace/snapshot.ts';
import { provenWords } from './proven-words.ts';
import { formerNames, nameUnderOwners, refuseExchangedNames, tablesAsTheyWere } from './undo-names.ts';
import { whatStays } from './undo-notices.ts';

export interface UndoSettings {
  readonly engine: Omit<EngineRequest, 'extensions'>;
  /** The folder that holds `migrations/`. */
  readonly generated: string;
  /** SQL for the rows that are there, by the address of a column that comes back NOT NULL. */
  readonly fills: ReadonlyMap<Address, string>;
}

/** What an undo goes from and to, and the engine that holds the first. */
interface Ends {
  readonly engine: Engine;
  readonly now: Replayed;
  readonly then: Replayed;
  /** Addresses now of what has another one then. */
  readonly renamed: ReadonlyMap<Address, Address>;
}

/** The files in order, the begun one with no more than the steps that are done. */
function filesOf({ applied, begun }: UndoQuestion): readonly MigrationFile[] {
  const files = applied.map(parseMigration);
  if (begun === undefined) return files;
  const file = parseMigration(begun.migration);
  const transactions = file.transactions.map((transaction) => ({
    ...transaction,
    steps: transaction.steps.filter(({ number }) => begun.done.has(number)),
  }));
  return [...files, { ...file, transactions: transactions.filter(({ steps }) => steps.length > 0) }];
}

/** Throws a `DiagnosticError` where there is no way back, or where it does not lead to where it should. */
export async function planUndo(question: UndoQuestion, settings: UndoSettings): Promise<UndoPlan> {
  const files = filesOf(question);
  const texts = [...question.applied, ...(question.begun === undefined ? [] : [question.begun.migration])];
  const extensions = [...new Set(texts.flatMap(({ read, file }) => extensionsIn(splitScript(read(), file))))].sort();
  const references = readSnapshot(join(settings.generated, 'snapshot.json'))?.references ?? [];
  const open = (): Promise<Engine> => openEngine({ ...settings.engine, extensions });
  const first = await open();
  try {
    const ends = await replayEnds(first, files, question.to, references);
    const asTheyWere = tablesAsTheyWere(references, ends.renamed);
    if (asTheyWere === undefined) return await planBetween(ends, question, settings, files, references);
    const then = await onEngine(await open(), (engine) => replay(engine, filesUpTo(files, question.to), asTheyWere));
    return await planBetween({ ...ends, then }, question, settings, files, references);
  } finally {
    await first.close();
  }
}

async function onEngine<Result>(engine: Engine, use: (engine: Engine) => Promise<Result>): Promise<Result> {
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

function filesUpTo(files: readonly MigrationFile[], number: number): readonly MigrationFile[] {
  return files.filter((file) => file.number <= number);
}

/** One engine goes through both states, so that what has another name now is known by its catalog entry. */
async function replayEnds(
  engine: Engine,
  files: readonly MigrationFile[],
  to: number,
  references: readonly ReferenceTable[],
): Promise<Ends> {
  const then = await replay(engine, filesUpTo(files, to), references);
  const entries = (await readEntries(engine)).entries();
  const now = await replay(
    engine,
    files.filter(({ number }) => number > to),
    references,
    then,
  );
  const renamed = formerNames(entries, await readEntries(engine), then.state);
  return { engine, now, then, renamed };
}

async function planBetween(
  { engine, now, then, renamed }: Ends,
  question: UndoQuestion,
  settings: UndoSettings,
  files: readonly MigrationFile[],
  references: readonly ReferenceTable[],
): Promise<UndoPlan> {
  const externals = new Set([...now.externals, ...then.externals]);
  const [before, after] = [withoutExternals(now.state, externals), withoutExternals(then.state, externals)];
  refuseExchangedNames(renamed, before);
  const annotation = (id: Address): Annotation => {
    const [object, now, fill] = [after.get(id), renamed.get(id), settings.fills.get(id)];
    const from = object === undefined || now === undefined ? undefined : nameUnderOwners(object, now);
    return { ...(from === undefined ? {} : { renamedFrom: from }), ...(fill === undefined ? {} : { backfill: fill }) };
  };
  await provideRoles(engine, rolesOf(after.values()));
  const read = async (within: 'transaction' | 'no transaction', carried: readonly Carried[]): Promise<State> =>
    withoutExternals(withCarried(await readState(engine, within, { tables: references }), carried), externals);
  const transition = await planTransition({
    engine,
    before,
    after,
    target: question.major,
    annotation,
    rows: 'assumed',
    read: () => read('transaction', now.carried),
  });
  const proof = await provenBack({ engine, before, after, externals, transition, read, carried: now.carried, target: question.major });
  const name = `${numberText(files.at(-1)?.number ?? 0)}_down_to_${numberText(question.to)}`;
  const { statements } = transition;
  const undone = files.filter(({ number }) => number > question.to);
  const losses = hazardsOf(statements, 'data-loss').map(({ subject, reason }) => ({ subject, reason }));
  const script = migrationText({
    name,
    summary: [
      `Takes back ${undone
        .map((file) => file.name)
        .reverse()
        .join(', ')}.`,
      ...summaryLines(transition.changes, transition.renames),
    ],
    phase: 'expand',
    target: question.major,
    proven: provenWords(engine, proof),
    allowances: losses.map(({ subject }) => `data-loss ${subject}`).sort(),
    roles: rolesNamed(statements, [before, after]),
    externals: [],
    transactions: transition.transactions,
    statements: proof.statements,
  });
  return {
    name,
    script,
    losses,
    asked: askedOfRows(statements),
    notices: whatStays(undone, after, references),
    promised: { head: '', major: engine.identity.major, state: after, carried: then.carried },
  };
}

function hazardsOf(statements: readonly Statement[], name: string): Statement['hazards'] {
  return statements.flatMap(({ hazards }) => hazards.filter(({ hazard }) => hazard === name));
}

/** What may fail on rows; a column that comes back without values says how to give them. */
function askedOfRows(statements: readonly Statement[]): UndoPlan['asked'] {
  const unfilled = columnsToFill(statements);
  return hazardsOf(statements, 'data-dependent').flatMap(({ subject, reason, query }) =>
    query === undefined
      ? []
      : [{ subject, reason, query, hint: unfilled.includes(subject) ? fillHint(subject) : `change these rows first: ${query}` }],
  );
}

/** What comes back on tables that must be empty, since no value is known for it. */
function columnsToFill(statements: readonly Statement[]): readonly Address[] {
  return statements.flatMap(({ subject, asks = [] }) => (asks.some(({ expression }) => expression === noRow) ? [subject] : []));
}

function fillHint(column: Address): string {
  return `say what existing rows get: --fill '${column}=SQL expression'`;
}

interface WayBack {
  readonly engine: Engine;
  readonly before: State;
  readonly after: State;
  readonly externals: ReadonlySet<Address>;
  readonly transition: Transition;
  readonly read: (within: 'transaction' | 'no transaction', carried: readonly Carried[]) => Promise<State>;
  readonly carried: readonly Carried[];
  readonly target: number;
}

async function provenBack({ engine, before, after, externals, transition, read, carried, target }: WayBack) {
  const proof = await prove({
    engine,
    existing: new Set([...before.keys(), ...externals]),
    before,
    desired: after,
    transactions: transition.transactions,
    target,
    renames: transition.renamed,
    read: () => read('no transaction', [...carried, ...transition.statements.flatMap(({ carries }) => carries ?? [])]),
  });
  const errors = proof.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new DiagnosticError(errors.map((problem) => refusedBack(problem, transition.statements)));
  return proof;
}

/** What is no fault of ours is mended by --fill; what the compiler would say of a schema means nothing here. */
function refusedBack(problem: Diagnostic, statements: readonly Statement[]): Diagnostic {
  if (problem.code !== 'migration-refused') return problem;
  const hints = columnsToFill(statements).map(fillHint);
  return {
    ...problem,
    hint: [...hints, 'what rows need beyond that cannot be known here: write the change as a migration of its own'].join('; '),
  };
}
