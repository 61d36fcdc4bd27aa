/**
 * The proof of a migration: it runs, statement by statement, on an engine that holds the previous
 * state with rows in it; locks and rewrites are measured; the result must be the desired state, and
 * every row must live, but where its loss was allowed. What disagrees is said by name.
 */
import { changedAttributes, diff, subjectOf } from '../diff/diff.ts';
import { PostgresError, type Engine } from '../engine/engine.ts';
import { pathText, parseAddress, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { attributeOf, stateOf, type SchemaObject, type State } from '../model/object.ts';
import { noRow, phaseOf, type Lock, type Statement, type Transaction } from '../model/statement.ts';
import { filledTables, firingTables } from './fired.ts';
import { disagreements, measure, type Measured } from './measure.ts';
import { kindOf } from '../kinds/registry.ts';
import { withoutReferenceRows } from './row-references.ts';
import { rowsOf, seedRows, survivors, withoutRows, type NewValues, type TableRows, type Wish } from './rows.ts';
import { dropLeaves, runStep } from './run.ts';

export interface ProvenStatement {
  readonly statement: Statement;
  /** Absent for what runs outside a transaction, which one session cannot measure. */
  readonly measured?: Measured;
}

export interface Proof {
  readonly statements: readonly ProvenStatement[];
  readonly diagnostics: readonly Diagnostic[];
  /** Tables that held rows while the migration ran, and those that could not be filled. */
  readonly seeded: readonly Address[];
  readonly unseeded: readonly { readonly table: Address; readonly reason: string }[];
  /** Tables that hold rows of triggers' making. */
  readonly written: readonly Address[];
  /** The state between what runs before the deploy and what runs after it, where there is both. */
  readonly between?: State;
  /** The state that the migration led to; absent where it did not run to its end. */
  readonly after?: State;
}

export interface ProofRequest {
  readonly engine: Engine;
  /** Tables and objects that are there before: those of the state before, and other teams' tables. */
  readonly existing: ReadonlySet<Address>;
  readonly before: State;
  readonly desired: State;
  readonly transactions: readonly Transaction[];
  /** New addresses of what the migration renames, by the old ones. */
  readonly renames: ReadonlyMap<Address, Address>;
  /** The major that the migration is written for; its locks are binding where it is the engine's own. */
  readonly target: number;
  /** Also statements that expect to lock nothing; without it only those that do are looked at, since each look is a query. */
  readonly measures?: 'every statement';
  /** Reads the engine's state outside a transaction, in the form that `desired` has. */
  readonly read: () => Promise<State>;
}

/** Tables of the previous state that a statement locks, rewrites or scans. */
function touchedTables(request: ProofRequest): readonly Address[] {
  const ids = request.transactions.flatMap(({ statements }) =>
    statements.flatMap((step) => [...step.locks.map((lock: Lock) => lock.relation), ...step.rewrites, ...step.scans]),
  );
  const empty = tablesToStayEmpty(request);
  return [...new Set(ids)].filter((id) => request.existing.has(id) && !empty.has(id)).sort();
}

/** Tables that a statement asks to hold no row, as one that adds a column for which no value is known. */
function tablesToStayEmpty({ transactions, renames }: ProofRequest): ReadonlySet<Address> {
  const old = new Map([...renames].map(([from, to]) => [to, from]));
  const asked = transactions.flatMap(({ statements }) => statements.flatMap(({ asks }) => asks ?? []));
  return new Set(asked.filter(({ expression }) => expression === noRow).map(({ table }) => old.get(table) ?? table));
}

/** The state as it would be without the partitions that only the proof had. */
function withoutLeaves(state: State, leaves: readonly Address[]): State {
  const paths = new Set(leaves.map((leaf) => pathText(parseAddress(leaf)?.path ?? [])));
  if (paths.size === 0) return state;
  return stateOf([...state.values()].filter(({ path }) => !paths.has(pathText(path.slice(0, 2)))));
}

/** Conditions that the migration brings: rows that break them are the user's to mend, and hide what else could go wrong. */
function wishesOf(request: ProofRequest): readonly Wish[] {
  const old = new Map([...request.renames].map(([from, to]) => [to, from]));
  const asked = request.transactions.flatMap(({ statements }) => statements.flatMap(({ asks }) => asks ?? []));
  const named = asked.map(({ table, expression }) => ({ table: old.get(table) ?? table, expression }));
  const brought = diff(request.before, request.desired).flatMap((change): readonly Wish[] => {
    if (change.change === 'removed') return kindOf(change.before).release?.(change.before, request.before) ?? [];
    const table = change.after.partOf === undefined ? undefined : (old.get(change.after.partOf) ?? change.after.partOf);
    const expression = kindOf(change.after).condition?.(change.after);
    return table === undefined || expression === undefined || !request.before.has(table) ? [] : [{ table, expression }];
  });
  return [...named, ...brought];
}

/** Columns that get values by the migration: nulls that a backfill fills, and what is computed anew. */
function newValues({ transactions, before, desired }: ProofRequest): NewValues {
  const steps = transactions.flatMap(({ statements }) => statements);
  const filled = new Set(steps.filter(({ step }) => step === 'backfill').map(({ subject }) => subject));
  const firing = firingTables(before, desired);
  const isFired = [...filled].some((id) => [...tops(id, desired), ...tops(id, before)].some((owner) => firing.has(owner)));
  return {
    filled,
    triggers: isFired ? 'fire' : 'rest',
    recomputed: new Set(steps.flatMap(({ recomputes }) => recomputes ?? [])),
  };
}

/** Tables whose partitions the migration changes: a leaf made for the proof could stand in a new one's way. */
function growing(request: ProofRequest): ReadonlySet<Address> {
  const parents = diff(request.before, request.desired).flatMap((change) => {
    const object = change.change === 'removed' ? change.before : change.after;
    return 'bound' in object.attributes && object.partOf !== undefined ? [object.partOf] : [];
  });
  return new Set(parents.flatMap((id) => tops(id, request.before)));
}

/** The object and what it is part of, up to the whole. */
function tops(id: Address, state: State): readonly Address[] {
  const owner = state.get(id)?.partOf;
  return owner === undefined ? [id] : [id, ...tops(owner, state)];
}

/** Rows that are declared on neither side. */
function otherRowsOf(held: ReadonlyMap<Address, TableRows>, { before, desired }: ProofRequest): ReadonlyMap<Address, TableRows> {
  return withoutReferenceRows(withoutReferenceRows(held, before), desired);
}

/** The rows that must live: all but those of partitions that are dropped, whose loss was allowed by name. */
async function rowsToKeep(request: ProofRequest, tables: readonly Address[]): Promise<ReadonlyMap<Address, TableRows>> {
  const rows = new Map(otherRowsOf(await rowsOf(request.engine, tables), request));
  const lost = request.transactions
    .flatMap(({ statements }) => statements.flatMap(({ hazards }) => hazards))
    .flatMap(({ hazard, subject }) =>
      hazard === 'data-loss' && !tables.includes(subject) && (request.before.get(subject)?.path.length ?? 0) === 2 ? [subject] : [],
    );
  for (const [id, gone] of await rowsOf(request.engine, [...new Set(lost)])) {
    for (const table of tops(id, request.before).slice(1)) {
      const held = rows.get(table);
      if (held !== undefined) rows.set(table, withoutRows(held, gone));
    }
  }
  return rows;
}

export async function prove(request: ProofRequest): Promise<Proof> {
  const { engine, transactions } = request;
  const touched = touchedTables(request);
  const fires = firingTables(request.before, request.desired).size > 0;
  const held = fires ? await filledTables(engine) : [];
  const full = new Set([...held].map((id) => request.renames.get(id) ?? id));
  const { seeded, unseeded, leaves } =
    touched.length === 0 ? { seeded: [], unseeded: [], leaves: [] } : await seedRows(engine, touched, wishesOf(request), growing(request));
  const tables = seeded.map((entry) => entry.table);
  const rowsBefore = await rowsToKeep(request, tables);
  const statements: ProvenStatement[] = [];
  const made = new Set<Address>();
  const proof = (diagnostics: readonly Diagnostic[]): Proof => ({ statements, diagnostics, seeded: tables, unseeded, written: [] });
  let between: State | undefined;
  for (const [place, transaction] of transactions.entries()) {
    const previous = transactions[place - 1];
    const isDeploy = previous !== undefined && phaseOf(previous) === 'expand' && phaseOf(transaction) === 'contract';
    if (isDeploy) between = withoutLeaves(await request.read(), leaves);
    const failure = await runTransaction(request, transaction, { touchesRows: touched.length > 0, proven: statements, made });
    if (failure !== undefined) return proof([failure]);
  }
  const lost = survivors(
    rowsBefore,
    otherRowsOf(
      await rowsOf(
        engine,
        tables.map((table) => request.renames.get(table) ?? table),
      ),
      request,
    ),
    request.renames,
    newValues(request),
  );
  await dropLeaves(engine, leaves);
  const after = await request.read();
  const diagnostics = [
    ...lost.map((message): Diagnostic => ({
      code: 'rows-lost',
      severity: 'error',
      message,
      hint: 'this is a fault of the planner; please report it with the schema',
    })),
    ...differences(diff(after, request.desired)),
    ...unexpectedLocks(statements, engine, request.target),
  ];
  const middle = between === undefined ? {} : { between };
  return { ...proof(diagnostics), ...middle, written: [...(fires ? await filledTables(engine) : [])].filter((id) => !full.has(id)), after };
}

async function runTransaction(
  { engine, existing, measures }: ProofRequest,
  transaction: Transaction,
  { touchesRows, proven, made }: { readonly touchesRows: boolean; readonly proven: ProvenStatement[]; readonly made: Set<Address> },
): Promise<Diagnostic | undefined> {
  const opens = transaction.block || transaction.statements.every((step) => step.step === 'validate');
  if (opens) await engine.execute('BEGIN');
  for (const step of transaction.statements) {
    try {
      if (opens && (measures !== undefined || (touchesRows && step.locks.length > 0)))
        proven.push({ statement: step, measured: await measure(engine, () => runStep(engine, step), existing, made) });
      else {
        await runStep(engine, step);
        proven.push({ statement: step });
      }
      for (const id of step.makes) made.add(id);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      if (opens) await engine.execute('ROLLBACK');
      return refused(step, error);
    }
  }
  if (opens) await engine.execute('COMMIT');
  return undefined;
}

function refused(step: Statement, error: PostgresError): Diagnostic {
  const detail = error.detail === undefined ? '' : ` ${error.detail}.`;
  return {
    code: 'migration-refused',
    severity: 'error',
    message: `on rows like the ones in your tables PostgreSQL refuses «${step.purpose}»: ${error.message} (${error.code}).${detail}`,
    subject: step.subject,
    hint: 'say how existing rows get through the change: backfill or using on the column, or make the change in two steps',
  };
}

/** The migration does not lead to the schema: a fault of ours, named object by object. */
function differences(changes: readonly Change[]): readonly Diagnostic[] {
  return changes.map((change): Diagnostic => {
    const words =
      change.change === 'added'
        ? 'is missing'
        : change.change === 'removed'
          ? 'should be gone'
          : `differs in ${changedAttributes(change.before, change.after)
              .map((name) => `${name} (${shown(change.before, name)}, wanted ${shown(change.after, name)})`)
              .join(', ')}`;
    return {
      code: 'not-proven',
      severity: 'error',
      message: `after the migration ${subjectOf(change)} ${words}`,
      subject: subjectOf(change),
      hint: 'this is a fault of the planner; please report it with the schema before and after',
    };
  });
}

function shown(object: SchemaObject, name: string): string {
  return JSON.stringify(attributeOf(object, name)) ?? 'nothing';
}

function unexpectedLocks(proven: readonly ProvenStatement[], engine: Engine, target: number): readonly Diagnostic[] {
  return proven.flatMap(({ statement, measured }) =>
    measured === undefined
      ? []
      : disagreements(statement, measured).map((words): Diagnostic => ({
          code: 'unexpected-lock',
          severity: engine.identity.major === target ? 'error' : 'notice',
          message: `measured on ${engine.identity.name}, «${statement.purpose}»: ${words}`,
          subject: statement.subject,
        })),
  );
}
