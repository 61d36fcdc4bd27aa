/**
 * What a statement that somebody wrote by hand is to schemac: its locks as they were measured, and the
 * hazards that follow from what it did and from what PostgreSQL's parser says that it does.
 */
import { diff, subjectOf } from '../diff/diff.ts';
import { isTable } from '../kinds/guards.ts';
import { address, pathText, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { rootOf, withOwners, type SchemaObject, type State } from '../model/object.ts';
import { blockedBy, statement, type Hazard, type HazardName, type Lock, type Statement } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import type { StatementFacts, WrittenName } from '../sql/statement-facts.ts';
import type { Observed } from './observe.ts';
import type { TableRows } from './rows.ts';

export interface JudgeContext {
  readonly name: string;
  readonly phase: Statement['phase'];
  readonly major: number;
  readonly annotation: (id: Address) => Annotation;
}

/** Locks that earlier statements of the same transaction hold. */
export type HeldLocks = readonly (Lock & { readonly since: number })[];

/** One statement with what is known of it; `facts` where the parser took it. */
export function handWritten(observed: Observed, facts: StatementFacts | undefined, context: JudgeContext, held: HeldLocks = []): Statement {
  const { step, before, after } = observed;
  const changes = diff(before, after);
  const locks = observed.within === 'transaction' || step.gexec ? observed.measured.locks : locksOutside(observed, facts, changes);
  const emptied = new Set([...observed.rowsBefore].flatMap(([id, rows]) => (isEmptied(rows, observed.rowsAfter.get(id)) ? [id] : [])));
  // TRUNCATE gives a table a new file and writes nothing into it.
  const rewrites = observed.measured.rewrites.filter((id) => !emptied.has(id));
  const built = observed.indexed;
  const scans = [...new Set([...observed.measured.scans, ...(step.step === 'concurrent' ? built : [])])];
  const made = wholes(changes.flatMap((change) => (change.change === 'added' ? [change.after] : [])));
  const gone = wholes(changes.flatMap((change) => (change.change === 'removed' ? [change.before] : [])));
  const effects: Effects = { observed, facts, changes, locks, rewrites, scans, emptied, built, held, context };
  const names = new Set(observed.renamed.values());
  return statement({
    sql: step.sql,
    purpose: step.purpose,
    subject:
      [...made.filter((id) => !names.has(id)), ...locks.map(({ relation }) => relation), ...gone][0] ?? address('migration', context.name),
    step: step.gexec ? 'expand' : step.step,
    phase: context.phase,
    locks,
    rewrites,
    scans,
    makes: made,
    destroys: gone,
    needs: (facts?.relations ?? []).flatMap((name) => tableNamed(name, before) ?? []),
    hazards: hazardsOf(effects),
    ...(step.probe === undefined ? {} : { probe: step.probe }),
    ...(step.batches === undefined ? {} : { batches: step.batches }),
    ...(step.carries === undefined ? {} : { carries: step.carries }),
  });
}

interface Effects {
  readonly observed: Observed;
  readonly facts: StatementFacts | undefined;
  readonly changes: readonly Change[];
  readonly locks: readonly Lock[];
  readonly rewrites: readonly Address[];
  readonly scans: readonly Address[];
  readonly emptied: ReadonlySet<Address>;
  /** Tables that got an index by it. */
  readonly built: readonly Address[];
  readonly held: HeldLocks;
  readonly context: JudgeContext;
}

function hazardsOf(effects: Effects): readonly Hazard[] {
  const found = [...rowHazards(effects), ...objectHazards(effects), ...lockHazards(effects), ...heldHazards(effects)];
  const first = new Map(found.map((hazard) => [`${hazard.hazard} ${hazard.subject}`, hazard] as const).reverse());
  return [...first.values()].reverse();
}

/** What the statement did to rows, and what its words say that it does to rows that the proof did not have. */
function rowHazards({ observed, facts, emptied, changes }: Effects): readonly Hazard[] {
  const dropped = new Set(changes.flatMap((change) => (change.change === 'removed' ? [change.before.id] : [])));
  const named = (names: readonly WrittenName[] | undefined): readonly Address[] =>
    (names ?? []).flatMap((name) => tableNamed(name, observed.before) ?? []);
  const whole = [...new Set([...named(facts?.empties), ...emptied])].filter((id) => !dropped.has(id));
  const parts = [...observed.rowsBefore].flatMap(([id, rows]) => {
    const now = observed.rowsAfter.get(id);
    return now !== undefined && now.rows.length > 0 && now.rows.length < rows.rows.length ? [id] : [];
  });
  return [
    ...whole.map((id) => hazard('data-loss', id, 'every row of the table is gone')),
    ...[...new Set([...named(facts?.deletesFrom), ...parts])].map((id) =>
      hazard('irreversible', id, 'rows that meet a condition are gone'),
    ),
    ...[...observed.rowsBefore].flatMap(([id, rows]) => overwritten(id, rows, observed.rowsAfter.get(id))),
  ];
}

/** Values that were there and are nowhere in their column any more. */
function overwritten(id: Address, before: TableRows, after: TableRows | undefined): readonly Hazard[] {
  if (after === undefined || after.rows.length < before.rows.length) return [];
  return before.columns.flatMap(({ name, type }, at) => {
    const there = after.columns.findIndex((column) => column.name === name && column.type === type);
    if (there === -1) return [];
    const left = after.rows.map((row) => row[there]);
    const isLost = before.rows.some((row) => {
      const place = left.indexOf(row[at]);
      if (place !== -1) left.splice(place, 1);
      return place === -1 && row[at] !== null;
    });
    const path = id.slice(id.indexOf(' ') + 1);
    return isLost ? [hazard('irreversible', `column ${path}.${pathText([name])}`, 'values that were there are overwritten')] : [];
  });
}

/** Hazards of a change whoever makes it; those of the way in which a generated migration makes it are none of ours. */
const ofChanges: ReadonlySet<HazardName> = new Set([
  'data-loss',
  'irreversible',
  'index-dropped',
  'application-order',
  'backward-compatibility',
  'authorization',
  'replication',
  'stale-results',
]);

function objectHazards({ observed, facts, changes, context }: Effects): readonly Hazard[] {
  const { before, after, renamed } = observed;
  const moved = [...renamed.keys()].filter((id) => !observed.after.has(id) && !renamed.has(before.get(id)?.partOf ?? ''));
  const renames = moved.map((id) => hazard('backward-compatibility', id, `it is called ${renamed.get(id) ?? ''} from now on`));
  // A rename that the parser saw may be of anything, and takes nothing away.
  const real = facts?.renames === true ? [] : changes.filter((change) => !isMoved(change, observed));
  const plan = (some: readonly Change[]): readonly Hazard[] =>
    makePlan({
      before,
      after,
      changes: some,
      major: context.major,
      annotation: context.annotation,
      rows: 'assumed',
      alters: 'in place',
    }).statements.flatMap(({ hazards }) => hazards);
  return [...renames, ...planned(real, plan)].filter(({ hazard: name }) => ofChanges.has(name));
}

function planned(changes: readonly Change[], plan: (some: readonly Change[]) => readonly Hazard[]): readonly Hazard[] {
  if (changes.length === 0) return [];
  try {
    return plan(changes);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    // What no generated migration would do may still take something away.
    const removed = changes.filter(({ change }) => change === 'removed');
    return removed.length === changes.length ? [] : planned(removed, plan);
  }
}

/** Objects that are there under another name, or belong to what is. */
function isMoved(change: Change, { before, after, renamed }: Observed): boolean {
  const news = new Set(renamed.values());
  const id = subjectOf(change);
  return [...withOwners(id, before), ...withOwners(id, after)].some((owner) => renamed.has(owner) || news.has(owner));
}

/** Who waits for how long: for as long as there are rows to be read or written. */
function lockHazards({ observed, facts, locks, rewrites, scans, built, context }: Effects): readonly Hazard[] {
  const isLarge = (id: Address): boolean => (context.annotation(id).expectedRows ?? Infinity) > 10_000;
  return locks
    .filter(({ relation }) => isLarge(relation))
    .flatMap(({ mode, relation }): readonly Hazard[] => {
      const blocked = blockedBy(mode);
      const waits = observed.within === 'transaction' || blocked !== 'nothing';
      const indexes = built.includes(relation) && waits ? [hazard('index-build', relation, 'an index is built in the transaction')] : [];
      if (rewrites.includes(relation)) return [hazard('rewrite', relation, rewriteWords[blocked]), ...indexes];
      if (!scans.includes(relation) && indexes.length === 0) return [];
      if (blocked === 'reads and writes')
        return [hazard('blocks-reads', relation, 'every row is read while nobody can use the table'), ...indexes];
      if (blocked === 'writes')
        return [hazard('blocks-writes', relation, 'every row is read while nobody can write to the table'), ...indexes];
      const isWriting = facts !== undefined && ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'].includes(facts.form);
      return isWriting && mode === 'RowExclusiveLock'
        ? [hazard('long-scan', relation, 'every row is read in one transaction, and each row that it changes stays locked until the end')]
        : [];
    });
}

/** Who waits for a lock of an earlier statement waits for this one too, whatever it does. */
function heldHazards({ held, rewrites, scans }: Effects): readonly Hazard[] {
  const worked = [...rewrites, ...scans][0];
  if (worked === undefined) return [];
  return held.flatMap(({ mode, relation, since }) => {
    const blocked = blockedBy(mode);
    if (blocked === 'nothing') return [];
    const name = blocked === 'writes' ? 'blocks-writes' : 'blocks-reads';
    return [
      hazard(name, relation, `statement ${String(since)} of the same transaction locked it, and every row of ${worked} is read meanwhile`),
    ];
  });
}

const rewriteWords = {
  nothing: 'every row is written again',
  writes: 'every row is written again while nobody can write to the table',
  'reads and writes': 'every row is written again while nobody can use the table',
} as const;

/** Locks of what runs outside a transaction, by what came of it: measured they cannot be, since they are gone when it is over. */
function locksOutside(
  { step, before, measured, rowsBefore, rowsAfter }: Observed,
  facts: StatementFacts | undefined,
  changes: readonly Change[],
): readonly Lock[] {
  const touched = changes.map((change) => rootOf(change.change === 'removed' ? change.before : change.after, before));
  const namesIn = (names: readonly WrittenName[] | undefined): readonly Address[] =>
    (names ?? []).flatMap((name) => tableNamed(name, before) ?? []);
  const named = namesIn(facts?.relations);
  const written = [...rowsBefore].filter(([id, rows]) => JSON.stringify(rows) !== JSON.stringify(rowsAfter.get(id))).map(([id]) => id);
  const tables = [...new Set(step.step === 'backfill' ? [...written, ...namesIn(facts?.writes)] : [...touched, ...named])].filter((id) =>
    isTableOf(before, id),
  );
  return tables.map((relation) => ({
    relation,
    mode:
      step.step === 'backfill'
        ? 'RowExclusiveLock'
        : measured.rewrites.includes(relation) && facts?.form !== 'ReindexStmt'
          ? 'AccessExclusiveLock'
          : 'ShareUpdateExclusiveLock',
  }));
}

function isEmptied(before: TableRows, after: TableRows | undefined): boolean {
  return before.rows.length > 0 && after?.rows.length === 0;
}

/** Without what came or went with its owner. */
function wholes(objects: readonly SchemaObject[]): readonly Address[] {
  const all = new Set(objects.map(({ id }) => id));
  return objects.filter(({ partOf }) => partOf === undefined || !all.has(partOf)).map(({ id }) => id);
}

function isTableOf(state: State, id: Address): boolean {
  const object = state.get(id);
  return object !== undefined && isTable(object);
}

/** The table that a name means with search_path at public, as migrations have it. */
function tableNamed(name: WrittenName, state: State): Address | undefined {
  const id = name.length === 1 ? address('table', 'public', ...name) : address('table', ...name);
  return state.has(id) ? id : undefined;
}

function hazard(name: HazardName, subject: Address, reason: string): Hazard {
  return { hazard: name, subject, reason };
}
