/**
 * The migrations that the schema's changes need, before the deploy and after it: planned from the state after the last one, proven on
 * an engine that holds it, and written as text. Nothing is written to a disk here.
 */
import { subjectOf } from '../diff/diff.ts';
import type { Engine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Carried, Phase, Statement } from '../model/statement.ts';
import { withCarried } from '../prove/carried.ts';
import { prove } from '../prove/prove.ts';
import { makeExternals } from '../prove/replay.ts';
import { provideRoles, rolesOf } from '../prove/roles.ts';
import { readState, setProofClock } from '../prove/run.ts';
import { planTransition } from '../prove/transition.ts';
import { externalsOf, stubStatements, withoutExternals } from '../workspace/external.ts';
import { extended } from '../workspace/history.ts';
import { refuseUnlessAllowed } from './allowances.ts';
import type { CompileRequest } from './compile-schema.ts';
import { keepState } from './keep-state.ts';
import { migrationFiles } from './phase-files.ts';
import { rowsLines } from './policy-check.ts';
import { provenWords } from './proven-words.ts';
import { referencesOf, withExternals, type Standing } from './standing.ts';

export interface NewMigration {
  readonly name: string;
  readonly phase: Phase;
  readonly text: string;
  readonly summary: readonly string[];
  readonly changes: readonly Change[];
  readonly statements: readonly Statement[];
  readonly allowances: readonly string[];
  readonly proven: string;
  /** Managed objects before, after renames, for the change report. */
  readonly before: State;
  /** Every object after it, other teams' tables among them. */
  readonly after: State;
  /** How to take it back, where somebody wrote it. */
  readonly undo?: string;
  /** Where somebody wrote a statement, by its number. */
  readonly placeOf?: (step: number) => Place | undefined;
}

export interface MigrationStage {
  readonly request: CompileRequest;
  /** Holds the state that `standing` tells of. */
  readonly engine: Engine;
  readonly standing: Standing;
  readonly desired: State;
  readonly externals: ReadonlySet<Address>;
}

export interface Staged {
  readonly migration: NewMigration;
  readonly standing: Standing;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what an engine holds as `desired` has it: without other teams' tables, with what the engine cannot hold. */
export function stateReader({ request, engine, externals }: Pick<MigrationStage, 'request' | 'engine' | 'externals'>) {
  return async (within: 'transaction' | 'no transaction', carried: readonly Carried[], only?: ReadonlySet<Address>): Promise<State> => {
    const references = { tables: request.declared.referenceTables ?? [], ...(only === undefined ? {} : { only }) };
    return withoutExternals(withCarried(await readState(engine, within, references), carried), externals);
  };
}

/** Clock, roles and other teams' tables, as any migration may expect them. */
export async function prepareProof({ engine, desired, externals }: MigrationStage, roles: readonly string[]): Promise<void> {
  await setProofClock(engine);
  await provideRoles(engine, roles);
  const there = [...externals].filter((id) => desired.has(id));
  await makeExternals(engine, stubStatements(desired, there, engine.identity.major).join('\n'), 'externals');
}

export async function newMigrations(stage: MigrationStage): Promise<readonly Staged[]> {
  const { request, engine, desired, externals, standing } = stage;
  const previous = standing.snapshot;
  const target = request.declared.project.postgres;
  const annotation = (id: Address): Annotation => request.declared.annotations.get(id) ?? {};
  const wanted = withoutExternals(desired, externals);
  const read = stateReader(stage);
  await prepareProof(stage, rolesOf(wanted.values()));
  const before = withoutExternals(previous.state, externals);
  const transition = await planTransition({
    engine,
    before,
    after: wanted,
    target,
    annotation,
    renames: request.declared.project.renames,
    read: () => read('transaction', previous.carried),
  });
  const { changes, statements, transactions } = transition;
  const allowances = refuseUnlessAllowed(statements, changes, request.allowances, request.declared);
  const carried = [...previous.carried, ...statements.flatMap((statement) => statement.carries ?? [])];
  const proof = await prove({
    engine,
    existing: new Set([...before.keys(), ...externals]),
    before,
    desired: wanted,
    transactions,
    target,
    renames: transition.renamed,
    // The proof's own rows are no declared ones.
    read: () => read('no transaction', carried, new Set([...wanted.keys(), ...changes.map(subjectOf)])),
  });
  const migrations = migrationFiles({
    history: standing.history,
    names: request.names,
    target,
    transition,
    proof,
    before,
    wanted,
    desired,
    externals,
    allowances,
    proven: provenWords(engine, proof),
    rows: (own) => rowsLines(own, request.declared),
  });
  const history = migrations.reduce((so, { name, text }) => extended(so, name, text), standing.history);
  const isProven = !proof.diagnostics.some(({ severity }) => severity === 'error');
  const managed = (isProven ? proof.after : undefined) ?? wanted;
  if (isProven && request.trust === 'snapshot') {
    const rows = [...new Set([...proof.seeded, ...proof.written])].map((id) => transition.renamed.get(id) ?? id);
    await keepState(
      engine,
      history.head,
      rows.filter((id) => managed.has(id) || externals.has(id)),
      managed,
    );
  }
  const after = withExternals(managed, desired, externals);
  const state: Standing = {
    history,
    snapshot: {
      head: history.head,
      engine: engine.identity.name,
      externals: [...new Set([...previous.externals, ...externalsOf(statements, desired, externals)])].sort(),
      carried,
      state: after,
      ...referencesOf(request.declared),
      reports: {},
    },
  };
  return migrations.map((migration, place) => ({ migration, standing: state, diagnostics: place === 0 ? proof.diagnostics : [] }));
}
