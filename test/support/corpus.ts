/**
 * One case of the corpus: a schema before and after, run in one direction on a real server. What the
 * server holds afterwards is judged by introspection, by an empty second plan, by the seeded rows and
 * by pg_dump, which shares no code with us.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diff, subjectOf } from '../../compiler/diff/diff.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import { PostgresError, type Engine } from '../../compiler/engine/engine.ts';
import { readCapabilities } from '../../compiler/engine/capabilities.ts';
import { load } from '../../compiler/load/load.ts';
import type { Annotation, DeclaredSchema } from '../../compiler/model/declared.ts';
import { stateOf, withSourceOf, type State } from '../../compiler/model/object.ts';
import type { Statement, Transaction } from '../../compiler/model/statement.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { withCarried } from '../../compiler/prove/carried.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { prove, type Proof } from '../../compiler/prove/prove.ts';
import { withRowsOf } from '../../compiler/prove/row-references.ts';
import { readState, runStep, setProofClock } from '../../compiler/prove/run.ts';
import { planTransition, type Transition } from '../../compiler/prove/transition.ts';
import { quoteName } from '../../compiler/sql/quote.ts';
import { dumpSchema } from './dump.ts';
import type { TestServer } from './servers.ts';

const dslModule = fileURLToPath(new URL('../../compiler/dsl/index.ts', import.meta.url));

const loaded = new Map<string, Promise<DeclaredSchema>>();

/** Loads one file as a whole schema folder; both directions and every major share what it gives. */
export function loadFile(file: string): Promise<DeclaredSchema> {
  const known = loaded.get(file) ?? loadOnce(file);
  loaded.set(file, known);
  return known;
}

async function loadOnce(file: string): Promise<DeclaredSchema> {
  const root = mkdtempSync(join(tmpdir(), 'schemac-corpus-'));
  try {
    if (existsSync(file)) cpSync(file, join(root, 'schema', 'schema.ts'));
    return await load({ root, folder: 'schema', loader: 'esbuild', dslModule });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** An engine on a database that the test keeps, so that pg_dump can look at it. */
async function engineOn(url: string, major: number): Promise<Engine> {
  const connection = await connect(url);
  const capabilities = await readCapabilities(connection.run);
  return {
    identity: { name: `PostgreSQL ${major}`, major },
    has: (capability) => capabilities.has(capability),
    query: connection.run,
    execute: async (sql) => void (await connection.run(sql)),
    keep: async () => undefined,
    close: () => connection.end(),
  };
}

export async function apply(engine: Engine, transactions: readonly Transaction[]): Promise<void> {
  for (const transaction of transactions) {
    if (transaction.block) await engine.execute('BEGIN');
    for (const step of transaction.statements) await runStep(engine, step);
    if (transaction.block) await engine.execute('COMMIT');
  }
}

export interface Outcome {
  readonly transition: Transition;
  readonly proof: Proof;
  /** What a second plan would do; nothing, if the first one did its work. */
  readonly left: readonly string[];
  /** What a plan from the state before the deploy would do before the deploy: nothing. */
  readonly forgotten: readonly string[];
  /** Dumps of the migrated and of a fresh database, where a pg_dump of the major is installed. */
  readonly dumps?: { readonly migrated: string; readonly fresh: string };
}

export interface Direction {
  readonly before: DeclaredSchema;
  readonly after: DeclaredSchema;
  /** SQL that fills the tables of the schema before. */
  readonly seed?: string;
}

export function readSeed(file: string): { readonly seed?: string } {
  return existsSync(file) ? { seed: readFileSync(file, 'utf8') } : {};
}

const nothing: State = new Map();

function creation(state: State, major: number): readonly Transaction[] {
  return makePlan({ before: nothing, after: state, changes: diff(nothing, state), major, annotation: () => ({}) }).transactions;
}

/** The migrated state with texts as they were written, as the migration itself has them. */
function written(migrated: State, after: State): State {
  return stateOf([...migrated.values()].map((object) => withSourceOf(object, after.get(object.id))));
}

/**
 * The databases that the directions of a run work in, one after another: making one for each would
 * take longer than all the rest. Directions that run at the same time each have a pair.
 */
interface Workbench {
  readonly scratch: Engine;
  readonly states: Map<DeclaredSchema, Promise<State>>;
  /** The last elaboration in the scratch database, which takes one at a time. */
  elaborating: Promise<unknown>;
  readonly free: Pair[];
}

interface Pair {
  readonly migrated: string;
  readonly fresh: string;
}

const workbenches = new WeakMap<TestServer, Promise<Workbench>>();

async function makeWorkbench(server: TestServer): Promise<Workbench> {
  const scratch = await engineOn(await server.createDatabase(), server.major);
  for (const role of corpusRoles) await makeRole(scratch, role);
  return { scratch, states: new Map(), elaborating: Promise.resolve(), free: [] };
}

/** Roles that cases name. They are the server's, so that other files' handles on it may be making them too. */
const corpusRoles = ['schemac_reader', 'schemac_writer', 'schemac_owner', 'Schemac "Röle"; --', 'user'];

async function makeRole(engine: Engine, role: string): Promise<void> {
  try {
    await engine.execute(`CREATE ROLE ${quoteName(role)}`);
  } catch (error) {
    // There already, or made by somebody else at this moment.
    if (!(error instanceof PostgresError) || !['42710', '23505'].includes(error.code)) throw error;
  }
}

function workbenchOf(server: TestServer): Promise<Workbench> {
  const bench = workbenches.get(server) ?? makeWorkbench(server);
  workbenches.set(server, bench);
  return bench;
}

function elaborated(bench: Workbench, declared: DeclaredSchema): Promise<State> {
  const known = bench.states.get(declared);
  if (known !== undefined) return known;
  const state = bench.elaborating.then(() => elaborate(bench.scratch, declared));
  bench.elaborating = state.catch(() => undefined);
  bench.states.set(declared, state);
  return state;
}

/** An engine on a database that holds nothing any more. */
async function emptied(url: string, major: number): Promise<Engine> {
  const engine = await engineOn(url, major);
  const gone = await engine.query(`
    SELECT format('DROP EXTENSION %I CASCADE', extname) AS sql FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`);
  // As initdb leaves it, for pg_dump too.
  const open = [
    'CREATE SCHEMA public',
    ...(major < 15 ? [] : ['ALTER SCHEMA public OWNER TO pg_database_owner']),
    `GRANT USAGE${major < 15 ? ', CREATE' : ''} ON SCHEMA public TO PUBLIC`,
  ];
  // Default privileges for every schema outlive the schemas.
  const closed = `DELETE FROM pg_default_acl; DELETE FROM pg_shdepend
    WHERE classid = 'pg_default_acl'::regclass AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await engine.execute([...gone.map((row) => row['sql'] ?? ''), ...open, closed].join(';'));
  await setProofClock(engine);
  return engine;
}

/** Builds the schema before, fills it, migrates it to the schema after, and looks at the result. */
export async function migrateOnServer(server: TestServer, direction: Direction): Promise<Outcome> {
  const { major } = server;
  const bench = await workbenchOf(server);
  const before = await elaborated(bench, direction.before);
  const after = await elaborated(bench, direction.after);
  const pair = bench.free.pop() ?? { migrated: await server.createDatabase(), fresh: await server.createDatabase() };
  try {
    return await migrateIn(pair, major, direction, before, after);
  } finally {
    bench.free.push(pair);
  }
}

async function migrateIn(pair: Pair, major: number, direction: Direction, built: State, after: State): Promise<Outcome> {
  const engine = await emptied(pair.migrated, major);
  const before = withRowsOf(built, direction.after.referenceTables ?? []);
  try {
    await apply(engine, creation(built, major));
    if (direction.seed !== undefined) await engine.execute(direction.seed);
    const annotation = (id: string) => direction.after.annotations.get(id) ?? {};
    const transition = await planTransition({
      engine,
      before,
      after,
      target: major,
      annotation,
      renames: direction.after.project.renames,
      read: () => readState(engine, 'transaction', { tables: direction.after.referenceTables ?? [] }),
    });
    const carried = [...creation(built, major), ...transition.transactions].flatMap(({ statements }) =>
      statements.flatMap((step) => step.carries ?? []),
    );
    let seen: State | undefined;
    const references = {
      tables: direction.after.referenceTables ?? [],
      only: new Set([...after.keys(), ...transition.changes.map(subjectOf)]),
    };
    const read = async (): Promise<State> => (seen = withCarried(await readState(engine, 'no transaction', references), carried));
    const proof = await prove({
      engine,
      existing: new Set(before.keys()),
      before,
      desired: after,
      transactions: transition.transactions,
      renames: transition.renamed,
      target: major,
      measures: 'every statement',
      read,
    });
    // The proof reads the result last, where it comes so far.
    const migrated = seen ?? (await read());
    const left = diff(migrated, after).map((change) => JSON.stringify(change));
    // Whether rows are filled already, no state tells.
    // What stands in between for the rest of the migration, as a check that will prove NOT NULL, goes with that rest.
    const later = new Set(transition.statements.filter(({ phase }) => phase === 'contract').map(({ sql }) => sql));
    const forgotten = planned(proof.between, after, major, annotation).filter(
      ({ phase, step, sql }) => phase === 'expand' && step !== 'backfill' && !later.has(sql),
    );
    return { transition, proof, left, forgotten: forgotten.map(({ sql }) => sql), ...(await dumps(pair, major, written(migrated, after))) };
  } finally {
    await engine.close();
  }
}

function planned(before: State | undefined, after: State, major: number, annotation: (id: string) => Annotation): readonly Statement[] {
  if (before === undefined) return [];
  return makePlan({ before, after, changes: diff(before, after), major, annotation }).statements;
}

async function dumps(pair: Pair, major: number, migrated: State): Promise<Pick<Outcome, 'dumps'>> {
  const dumped = await dumpSchema(pair.migrated);
  if (dumped === undefined) return {};
  const fresh = await emptied(pair.fresh, major);
  try {
    await apply(fresh, creation(migrated, major));
  } finally {
    await fresh.close();
  }
  const freshDump = await dumpSchema(pair.fresh);
  return freshDump === undefined ? {} : { dumps: { migrated: dumped, fresh: freshDump } };
}

/** A database that holds the schema before with its rows, and the plan to the schema after, not yet run. */
export async function planOnServer(
  server: TestServer,
  direction: Direction,
): Promise<{ readonly url: string; readonly engine: Engine; readonly transition: Transition; readonly after: State }> {
  const { major } = server;
  const bench = await workbenchOf(server);
  const before = await elaborated(bench, direction.before);
  const after = await elaborated(bench, direction.after);
  const url = await server.createDatabase();
  const engine = await engineOn(url, major);
  await setProofClock(engine);
  await apply(engine, creation(before, major));
  if (direction.seed !== undefined) await engine.execute(direction.seed);
  const annotation = (id: string): Annotation => direction.after.annotations.get(id) ?? {};
  const transition = await planTransition({
    engine,
    before,
    after,
    target: major,
    annotation,
    renames: direction.after.project.renames,
    read: () => readState(engine, 'transaction'),
  });
  return { url, engine, transition, after };
}

/** Loads the text of a schema file as a whole schema. */
export async function loadText(text: string): Promise<DeclaredSchema> {
  const folder = mkdtempSync(join(tmpdir(), 'schemac-schema-'));
  try {
    writeFileSync(join(folder, 'schema.ts'), text);
    return await loadOnce(join(folder, 'schema.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both states as the server spells them, without a database of their own. */
export async function statesOnServer(
  server: TestServer,
  { before, after }: Pick<Direction, 'before' | 'after'>,
): Promise<{ readonly before: State; readonly after: State }> {
  const bench = await workbenchOf(server);
  return { before: await elaborated(bench, before), after: await elaborated(bench, after) };
}
