/**
 * The pipeline on one page: load, elaborate, diff, plan, prove, emit. It computes every output and
 * writes none; `compile` writes them, `check` compares them with what is there.
 */
import { diff } from '../diff/diff.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine, openState } from '../engine/open.ts';
import { migrationText } from '../emit/migration.ts';
import { kindOf } from '../kinds/registry.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation, DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Carried, Statement } from '../model/statement.ts';
import { migrationNameFor, slug, summaryLines } from '../plan/summary.ts';
import { elaborate } from '../prove/elaborate.ts';
import { withCarried } from '../prove/carried.ts';
import { prove, type Proof } from '../prove/prove.ts';
import { makeExternals, replay } from '../prove/replay.ts';
import { readState, setProofClock } from '../prove/run.ts';
import { planTransition } from '../prove/transition.ts';
import { chainLock, hashMigration } from '../sql/migrations-lock.ts';
import { externalsOf, stubStatements, withoutExternals } from '../workspace/external.ts';
import type { History } from '../workspace/history.ts';
import { readSnapshot, type Snapshot } from '../workspace/snapshot.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { refuseUnlessAllowed } from './allowances.ts';
import type { Report } from './result.ts';

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
  const engineRequest = { cacheFolder: join(request.workspace.cache, 'engine'), extensions: extensionsOf(request.declared), ...(request.engine === undefined ? {} : { using: request.engine }) };
  if (request.engine === undefined && !existsSync(engineRequest.cacheFolder)) request.report('making an embedded PostgreSQL, once a project; this takes some seconds');
  const engine = await openEngine(engineRequest);
  try {
    const desired = await elaborate(engine, request.declared);
    const previous = await previousSnapshot(engine, request);
    const externals = externalTables(request.declared, previous.snapshot);
    const changes = diff(withoutExternals(previous.snapshot.state, externals), withoutExternals(desired, externals));
    const base = { declared: request.declared, desired, externals, engine: engine.identity.name };
    if (changes.length === 0) return { ...base, snapshot: { ...previous.snapshot, state: withExternals(previous.snapshot.state, desired, externals) }, diagnostics: [] };
    const proofEngine = previous.engine ?? (await openState(engineRequest, previous.snapshot.head)) ?? (await replayed(engine, request.history));
    try {
      return { ...base, ...(await newMigration({ request, engine: proofEngine, previous: previous.snapshot, desired, externals })) };
    } finally {
      if (proofEngine !== engine) await proofEngine.close();
    }
  } finally {
    await engine.close();
  }
}

/** An extension is named `extension NAME` among what an engine must have. */
function extensionsOf(declared: DeclaredSchema): readonly string[] {
  const capabilities = declared.objects.flatMap((object) => kindOf(object).requires?.(object) ?? []);
  return capabilities.flatMap((capability) => /^extension (.+)$/.exec(capability)?.[1] ?? []);
}

async function replayed(engine: Engine, history: History): Promise<Engine> {
  await replay(engine, history.files);
  if (history.head !== '') await engine.keep(history.head);
  return engine;
}

/** From snapshot.json where it may be trusted and is of this engine's spelling, otherwise by replay. */
async function previousSnapshot(engine: Engine, request: CompileRequest): Promise<{ readonly snapshot: Snapshot; readonly engine?: Engine }> {
  const { history, workspace } = request;
  if (request.trust === 'snapshot') {
    const snapshot = readSnapshot(join(workspace.generated, 'snapshot.json'));
    if (snapshot !== undefined && snapshot.head === history.head && snapshot.engine === engine.identity.name) return { snapshot };
  }
  if (history.files.length > 0) request.report(`replaying ${history.files.length} migrations`);
  const { state, carried, externals } = await replay(engine, history.files);
  return { snapshot: { head: history.head, engine: engine.identity.name, externals, carried, state, reports: {} }, engine };
}

/** Tables of other teams: those declared so, and stubs of old migrations that nobody declares any more. */
function externalTables(declared: DeclaredSchema, previous: Snapshot): ReadonlySet<Address> {
  const ids = new Set(declared.objects.map((object) => object.id));
  const now = declared.objects.flatMap((object) => (object.partOf === undefined && declared.annotations.get(object.id)?.external === true ? [object.id] : []));
  return new Set([...now, ...previous.externals.filter((id) => !ids.has(id))]);
}

/** External tables are what is declared of them now, whatever a stub once was. */
function withExternals(state: State, desired: State, externals: ReadonlySet<Address>): State {
  const managed = withoutExternals(state, externals);
  const theirs = [...desired].filter(([id]) => !withoutExternals(desired, externals).has(id));
  return new Map([...managed, ...theirs]);
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
  const read = async (within: 'transaction' | 'no transaction', carried: readonly Carried[]): Promise<State> =>
    withoutExternals(withCarried(await readState(engine, within), carried), externals);
  await setProofClock(engine);
  const stubs = stubStatements(desired, [...externals].filter((id) => desired.has(id)), engine.identity.major);
  await makeExternals(engine, stubs.join('\n'), 'externals');
  const before = withoutExternals(previous.state, externals);
  const transition = await planTransition({ engine, before, after: wanted, target, annotation, read: () => read('transaction', previous.carried) });
  const { changes, statements, transactions } = transition;
  const allowances = refuseUnlessAllowed(statements, changes, request.allowances, request.declared);
  const carried = [...previous.carried, ...statements.flatMap((statement) => statement.carries ?? [])];
  const proof = await prove({ engine, existing: new Set([...before.keys(), ...externals]), before, desired: wanted, transactions, target, renames: transition.renamed, read: () => read('no transaction', carried) });
  const last = request.history.files.at(-1);
  const number = String((last?.number ?? 0) + 1).padStart(4, '0');
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
    externals: stubStatements(desired, stubbed, target),
    transactions,
    statements: proof.statements,
  });
  const head = chainLock(request.history.lock.at(-1), name, hashMigration(text)).chainedHash;
  const after = proof.diagnostics.some(({ severity }) => severity === 'error') ? wanted : await read('no transaction', carried);
  return {
    diagnostics: proof.diagnostics,
    migration: { name, text, summary, changes, statements, proof, allowances, proven, before },
    snapshot: {
      head,
      engine: engine.identity.name,
      externals: [...new Set([...previous.externals, ...stubbed])].sort(),
      carried,
      state: withExternals(after, desired, externals),
      reports: {},
    },
  };
}

function provenWords(engine: Engine, proof: Proof): string {
  const tables = proof.seeded.length === 0 ? '' : `, with rows in ${proof.seeded.join(', ')}`;
  const empty = proof.unseeded.map(({ table }) => `; no rows could be made for ${table}`).join('');
  return `${engine.identity.name}${tables}${empty}`;
}
