/**
 * The pipeline on one page: load, elaborate, diff, plan, prove, emit. It computes every output and
 * writes none; `compile` writes them, `check` compares them with what is there.
 */
import { diff } from '../diff/diff.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { fail, type Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import { elaborate } from '../prove/elaborate.ts';
import { elaborateChanged } from '../prove/elaborate-changed.ts';
import { extensionsOf } from '../sources/extensions.ts';
import type { CustomFile } from '../workspace/custom-files.ts';
import { withoutExternals } from '../workspace/external.ts';
import { readDeclaredHashes } from '../workspace/head-cache.ts';
import type { History } from '../workspace/history.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { customMigration } from './custom-migration.ts';
import { engineRequestOf } from './engine-request.ts';
import { newMigrations, type NewMigration, type Staged } from './new-migration.ts';
import type { WantedNames } from './phase-files.ts';
import type { Report } from './result.ts';
import { engineShelf, nextNumber, replayedStanding, trustedSnapshot, withExternals, type EngineShelf, type Standing } from './standing.ts';
import type { WarmEngine } from './warm-engine.ts';

export interface CompileRequest {
  readonly workspace: Workspace;
  readonly declared: DeclaredSchema;
  readonly history: History;
  /** `snapshot`: the state after the last migration may come from snapshot.json; `migrations`: it is replayed. */
  readonly trust: 'snapshot' | 'migrations';
  readonly engine?: string;
  readonly names: WantedNames;
  readonly allowances: readonly string[];
  /** Files of schema/custom/ that are no migration yet, in their order. */
  readonly custom: readonly CustomFile[];
  /** Files of schema/custom/ in which nothing is written yet. */
  readonly unwritten: readonly CustomFile[];
  readonly report: Report;
  /** The engines, started while the schema was loaded. */
  readonly warm: WarmEngine;
}

export interface Compiled {
  readonly declared: DeclaredSchema;
  /** The state after the last migration, new ones included: physical order, externals and all. */
  readonly snapshot: Snapshot;
  /** What is declared, in PostgreSQL's spelling and with the writer's beside it. */
  readonly desired: State;
  /** New ones, in the order in which they run. */
  readonly migrations: readonly NewMigration[];
  readonly externals: ReadonlySet<Address>;
  readonly diagnostics: readonly Diagnostic[];
  readonly engine: string;
}

export async function compileSchema(request: CompileRequest): Promise<Compiled> {
  const engineRequest = { ...engineRequestOf(request.workspace, request.engine), extensions: extensionsOf(request.declared.objects) };
  const engines = engineShelf(request, engineRequest);
  try {
    const { identity } = (await engines.kept()) ?? (await engines.empty());
    const snapshot = trustedSnapshot(identity.name, request);
    const desired = (await spelledFrom(snapshot, engines, request)) ?? (await elaborate(await engines.empty(), request.declared));
    const standing =
      snapshot === undefined ? await replayedStanding(await engines.empty(), request) : { history: request.history, snapshot };
    const externals = externalTables(request.declared, standing.snapshot);
    const staged = await stage({ request, engines, standing, desired, externals });
    const state = withExternals(staged.standing.snapshot.state, desired, externals);
    return {
      declared: request.declared,
      desired,
      externals,
      engine: identity.name,
      migrations: staged.migrations,
      diagnostics: staged.diagnostics,
      snapshot: { ...staged.standing.snapshot, state },
    };
  } finally {
    await engines.close();
  }
}

/** What did not change since the snapshot is not spelled again. */
async function spelledFrom(snapshot: Snapshot | undefined, engines: EngineShelf, request: CompileRequest): Promise<State | undefined> {
  const hashes = snapshot === undefined ? undefined : readDeclaredHashes(request.workspace, snapshot.head);
  return snapshot === undefined || hashes === undefined
    ? undefined
    : elaborateChanged({ holding: await engines.kept(), empty: engines.empty }, request.declared, { state: snapshot.state, hashes });
}

/** Tables of other teams: those declared so, and stubs of old migrations that nobody declares any more. */
function externalTables(declared: DeclaredSchema, previous: Snapshot): ReadonlySet<Address> {
  const ids = new Set(declared.objects.map((object) => object.id));
  const now = declared.objects.flatMap((object) =>
    object.partOf === undefined && declared.annotations.get(object.id)?.external === true ? [object.id] : [],
  );
  return new Set([...now, ...previous.externals.filter((id) => !ids.has(id))]);
}

interface StageRequest {
  readonly request: CompileRequest;
  readonly engines: EngineShelf;
  readonly standing: Standing;
  readonly desired: State;
  readonly externals: ReadonlySet<Address>;
}

interface StagedMigrations {
  readonly standing: Standing;
  readonly migrations: readonly NewMigration[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A file that was begun keeps its place: what schema/ has asked for since comes after it. */
function refuseTakenNumber({ unwritten }: CompileRequest, number: number): void {
  const file = unwritten.find((each) => each.number === number)?.file;
  if (file === undefined) return;
  fail('custom-empty', `${file} holds no statement yet, and what schema/ has asked for since comes after it`, {
    place: { file, line: 1, column: 1 },
    hint: 'write it, or remove it; to compile the changes of schema/ first, give it a higher number',
  });
}

/** Custom files whose numbers follow on the last migration, what the schema's changes need, custom files with higher numbers. */
async function stage({ request, engines, standing, desired, externals }: StageRequest): Promise<StagedMigrations> {
  const staged: Staged[] = [];
  const now = (): Standing => staged.at(-1)?.standing ?? standing;
  const takeIn = async (custom: CustomFile): Promise<void> => {
    request.report(`proving ${custom.file}`);
    staged.push(await customMigration({ request, engines, custom, standing: now(), desired, externals }));
  };
  const waiting = [...request.custom];
  for (let next = waiting[0]; next?.number === nextNumber(now()); next = waiting[0]) await takeIn(waiting.shift() ?? next);
  const changes = diff(withoutExternals(now().snapshot.state, externals), withoutExternals(desired, externals));
  if (changes.length > 0) {
    refuseTakenNumber(request, nextNumber(now()));
    const engine = await engines.holding(now());
    staged.push(...(await newMigrations({ request, engine, standing: now(), desired, externals })));
  }
  for (const custom of waiting) await takeIn(custom);
  return {
    standing: now(),
    migrations: staged.map(({ migration }) => migration),
    diagnostics: staged.flatMap(({ diagnostics }) => diagnostics),
  };
}
