/**
 * The pipeline on one page: load, elaborate, diff, plan, prove, emit. It computes every output and
 * writes none; `compile` writes them, `check` compares them with what is there.
 */
import { diff, subjectOf } from '../diff/diff.ts';
import { type Engine } from '../engine/engine.ts';
import { migrationText } from '../emit/migration.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation, DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { sameJson, type State } from '../model/object.ts';
import type { Carried, Statement } from '../model/statement.ts';
import { migrationNameFor, slug, summaryLines } from '../plan/summary.ts';
import { elaborate } from '../prove/elaborate.ts';
import { elaborateChanged } from '../prove/elaborate-changed.ts';
import { withCarried } from '../prove/carried.ts';
import { prove, type Proof } from '../prove/prove.ts';
import { makeExternals, replay } from '../prove/replay.ts';
import { provideRoles, rolesNamed, rolesOf } from '../prove/roles.ts';
import { readState, setProofClock } from '../prove/run.ts';
import { planTransition } from '../prove/transition.ts';
import { chainLock, hashMigration } from '../sql/migrations-lock.ts';
import { cachedFile, readDeclaredHashes } from '../workspace/head-cache.ts';
import { externalsOf, stubStatements, withoutExternals } from '../workspace/external.ts';
import { parsedMigrations, type History } from '../workspace/history.ts';
import { readSnapshot, type Snapshot } from '../workspace/snapshot.ts';
import { keepState } from './keep-state.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { join } from 'node:path';
import { refuseUnlessAllowed } from './allowances.ts';
import { extensionsOf } from '../sources/extensions.ts';
import { engineRequestOf } from './engine-request.ts';
import { provenWords } from './proven-words.ts';
import type { Report } from './result.ts';
import type { WarmEngine } from './warm-engine.ts';

export interface CompileRequest {
  readonly workspace: Workspace;
  readonly declared: DeclaredSchema;
  readonly history: History;
  /** `snapshot`: the state after the last migration may come from snapshot.json; `migrations`: it is replayed. */
  readonly trust: 'snapshot' | 'migrations';
  readonly engine?: string;
  readonly name?: string;
  readonly allowances: readonly string[];
  readonly report: Report;
  /** The engine, started while the schema was loaded. */
  readonly warm: WarmEngine;
}

export interface NewMigration {
  readonly name: string;
  readonly text: string;
  readonly summary: readonly string[];
  readonly changes: readonly Change[];
  readonly statements: readonly Statement[];
  readonly proof: Proof;
  readonly allowances: readonly string[];
  readonly proven: string;
  /** Managed objects before, after renames, for the change report. */
  readonly before: State;
}

export interface Compiled {
  readonly declared: DeclaredSchema;
  /** The state after the last migration, new one included: physical order, externals and all. */
  readonly snapshot: Snapshot;
  /** What is declared, in PostgreSQL's spelling and with the writer's beside it. */
  readonly desired: State;
  readonly migration?: NewMigration;
  readonly externals: ReadonlySet<Address>;
  readonly diagnostics: readonly Diagnostic[];
  readonly engine: string;
}

export async function compileSchema(request: CompileRequest): Promise<Compiled> {
  const engineRequest = { ...engineRequestOf(request.workspace, request.engine), extensions: extensionsOf(request.declared.objects) };
  const engine = await request.warm.take(engineRequest.extensions);
  try {
    const snapshot = trustedSnapshot(engine, request);
    const desired = (await spelledFrom(snapshot, engine, request)) ?? (await elaborate(engine, request.declared));
    const previous = snapshot === undefined ? await replayedSnapshot(engine, request) : { snapshot };
    const externals = externalTables(request.declared, previous.snapshot);
    const changes = diff(withoutExternals(previous.snapshot.state, externals), withoutExternals(desired, externals));
    const base = { declared: request.declared, desired, externals, engine: engine.identity.name };
    if (changes.length === 0)
      return {
        ...base,
        snapshot: { ...previous.snapshot, state: withExternals(previous.snapshot.state, desired, externals) },
        diagnostics: [],
      };
    const proofEngine =
      previous.engine ??
      (await request.warm.takeState(previous.snapshot.head, engineRequest.extensions)) ??
      (await replayed(engine, request.history));
    try {
      return { ...base, ...(await newMigration({ request, engine: proofEngine, previous: previous.snapshot, desired, externals })) };
    } finally {
      if (proofEngine !== engine) await proofEngine.close();
    }
  } finally {
    await engine.close();
  }
}

/** What did not change since the snapshot is not spelled again. */
async function spelledFrom(snapshot: Snapshot | undefined, engine: Engine, request: CompileRequest): Promise<State | undefined> {
  const hashes = snapshot === undefined ? undefined : readDeclaredHashes(request.workspace, snapshot.head);
  return snapshot === undefined || hashes === undefined
    ? undefined
    : elaborateChanged(engine, request.declared, { state: snapshot.state, hashes });
}

async function replayed(engine: Engine, history: History): Promise<Engine> {
  await replay(engine, parsedMigrations(history));
  if (history.head !== '') await engine.keep(history.head);
  return engine;
}

/** The snapshot of the last migration where it may be trusted and is of this engine's spelling; of one before it, as --amend needs it, from the cache. */
function trustedSnapshot(engine: Engine, { trust, history, workspace, declared }: CompileRequest): Snapshot | undefined {
  if (trust === 'migrations') return undefined;
  // A state knows the rows of what were lookup tables when it was read.
  const references = declared.referenceTables ?? [];
  const usable = (snapshot: Snapshot | undefined): Snapshot | undefined =>
    snapshot?.head === history.head && snapshot.engine === engine.identity.name && sameJson(snapshot.references ?? [], references)
      ? snapshot
      : undefined;
  const cached = cachedFile(workspace, 'snapshots', history.head);
  return (
    usable(readSnapshot(join(workspace.generated, 'snapshot.json'))) ?? (cached === undefined ? undefined : usable(readSnapshot(cached)))
  );
}

async function replayedSnapshot(
  engine: Engine,
  request: CompileRequest,
): Promise<{ readonly snapshot: Snapshot; readonly engine?: Engine }> {
  const { history } = request;
  if (history.lock.length > 0) request.report(`replaying ${history.lock.length} migrations`);
  const { state, carried, externals } = await replay(engine, parsedMigrations(history), request.declared.referenceTables);
  return {
    snapshot: {
      head: history.head,
      engine: engine.identity.name,
      externals,
      carried,
      state,
      ...referencesOf(request.declared),
      reports: {},
    },
    engine,
  };
}

/** Tables of other teams: those declared so, and stubs of old migrations that nobody declares any more. */
function externalTables(declared: DeclaredSchema, previous: Snapshot): ReadonlySet<Address> {
  const ids = new Set(declared.objects.map((object) => object.id));
  const now = declared.objects.flatMap((object) =>
    object.partOf === undefined && declared.annotations.get(object.id)?.external === true ? [object.id] : [],
  );
  return new Set([...now, ...previous.externals.filter((id) => !ids.has(id))]);
}

/** External tables are what is declared of them now, whatever a stub once was. */
function withExternals(state: State, desired: State, externals: ReadonlySet<Address>): State {
  const managed = withoutExternals(state, externals);
  const theirs = [...desired].filter(([id]) => !withoutExternals(desired, externals).has(id));
  return new Map([...managed, ...theirs]);
}

/** Which tables are lookup tables goes with the state that holds their rows. */
function referencesOf({ referenceTables }: DeclaredSchema): Pick<Snapshot, 'references'> {
  return referenceTables === undefined ? {} : { references: referenceTables };
}

interface MigrationRequest {
  readonly request: CompileRequest;
  readonly engine: Engine;
  readonly previous: Snapshot;
  readonly desired: State;
  readonly externals: ReadonlySet<Address>;
}

async function newMigration(input: MigrationRequest): Promise<Pick<Compiled, 'snapshot' | 'migration' | 'diagnostics'>> {
  const { request, engine, previous, desired, externals } = input;
  const target = request.declared.project.postgres;
  const annotation = (id: Address): Annotation => request.declared.annotations.get(id) ?? {};
  const wanted = withoutExternals(desired, externals);
  const read = async (
    within: 'transaction' | 'no transaction',
    carried: readonly Carried[],
    only?: ReadonlySet<Address>,
  ): Promise<State> => {
    const references = { tables: request.declared.referenceTables ?? [], ...(only === undefined ? {} : { only }) };
    return withoutExternals(withCarried(await readState(engine, within, references), carried), externals);
  };
  await setProofClock(engine);
  await provideRoles(engine, rolesOf(wanted.values()));
  const stubs = stubStatements(
    desired,
    [...externals].filter((id) => desired.has(id)),
    engine.identity.major,
  );
  await makeExternals(engine, stubs.join('\n'), 'externals');
  const before = withoutExternals(previous.state, externals);
  const transition = await planTransition({
    engine,
    before,
    after: wanted,
    target,
    annotation,
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
  const last = request.history.lock.at(-1);
  const number = String(Number.parseInt(last?.name ?? '0', 10) + 1).padStart(4, '0');
  const name = `${number}_${request.name === undefined ? (last === undefined ? 'initial_schema' : migrationNameFor(changes, transition.renames)) : slug(request.name)}`;
  const summary = summaryLines(changes, transition.renames);
  const proven = provenWords(engine, proof);
  const stubbed = externalsOf(statements, desired, externals);
  const text = migrationText({
    name,
    summary,
    phase: 'expand',
    target,
    proven,
    allowances,
    roles: rolesNamed(statements, [before, wanted]),
    externals: stubStatements(desired, stubbed, target),
    transactions,
    statements: proof.statements,
  });
  const head = chainLock(request.history.lock.at(-1), name, hashMigration(text)).chainedHash;
  const isProven = !proof.diagnostics.some(({ severity }) => severity === 'error');
  const after = (isProven ? proof.after : undefined) ?? wanted;
  if (isProven && request.trust === 'snapshot') {
    const rows = [...new Set([...proof.seeded, ...proof.written])].map((id) => transition.renamed.get(id) ?? id);
    await keepState(
      engine,
      head,
      rows.filter((id) => after.has(id) || externals.has(id)),
      after,
    );
  }
  return {
    diagnostics: proof.diagnostics,
    migration: { name, text, summary, changes, statements, proof, allowances, proven, before },
    snapshot: {
      head,
      engine: engine.identity.name,
      externals: [...new Set([...previous.externals, ...stubbed])].sort(),
      carried,
      state: withExternals(after, desired, externals),
      ...referencesOf(request.declared),
      reports: {},
    },
  };
}
