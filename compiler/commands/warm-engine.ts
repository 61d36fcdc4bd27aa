/**
 * Engines that start before it is known what they are for: while the schema is loaded and its types
 * are checked, or between two runs of `--watch`. Each is taken once; what nobody took is closed.
 */
import type { Engine } from '../engine/engine.ts';
import type { PlannerStart } from '../workload/plan-worker.ts';
import { startPlanner, type Planner } from '../workload/planner.ts';
import { openEngine, openState, type EngineRequest } from '../engine/open.ts';
import { hasCached } from '../workspace/head-cache.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readState } from '../prove/run.ts';

export interface WarmEngine {
  /** An empty engine with these extensions; at hand where no state was kept. */
  readonly take: (extensions: readonly string[]) => Promise<Engine>;
  /** The engine that holds what was kept under the key, if it was. */
  readonly takeState: (key: string, extensions: readonly string[]) => Promise<Engine | undefined>;
  /** Settles when an engine has started, or has failed to: from then on there is a base in the cache, which takes seconds to make. */
  readonly ready: Promise<void>;
  /** Plans declared queries in an engine of its own; absent where no query was planned before. */
  readonly planner: Planner | undefined;
  readonly release: () => Promise<void>;
}

/** Starts the engine that was kept under the key, or an empty one where there is none, and a planner where one will be wanted. */
export function warmEngine(workspace: Workspace, request: EngineRequest, state: string | undefined): WarmEngine {
  const planner = plannerFor(workspace, request, 'one');
  const opening = state === undefined ? Promise.resolve(undefined) : openState(request, state);
  const empty = started(opening.then((engine) => (engine === undefined ? openEngine(request) : undefined)));
  const engines = startedEngines(request, { planner, empty, ...(state === undefined ? {} : { state, filled: started(opening) }) });
  return {
    ...engines,
    release: async () => {
      await planner?.release();
      await engines.release();
    },
  };
}

/**
 * Starts one that holds the state of a key and an empty engine, and has both read their catalogs once,
 * which fills PostgreSQL's caches. The planner stays its owner's.
 */
export function rehearsedEngines(request: EngineRequest, state: string | undefined, planner: Planner | undefined): WarmEngine {
  if (state === undefined) return startedEngines(request, { planner, empty: started(rehearsed(openEngine(request))) });
  const filled = started(rehearsed(openState(request, state)));
  const empty = started(filled.settled.then(() => rehearsed(openEngine(request))));
  return startedEngines(request, { planner, empty, state, filled });
}

async function rehearsed<Value extends Engine | undefined>(opening: Promise<Value>): Promise<Value> {
  const engine = await opening;
  if (engine !== undefined) await readState(engine, 'no transaction');
  return engine;
}

/** Starts a planner where queries were planned before: some will be again. */
export function plannerFor(workspace: Workspace, { cacheFolder }: EngineRequest, requests: PlannerStart['requests']): Planner | undefined {
  return hasCached(workspace, 'plans') ? startPlanner({ cacheFolder, requests }) : undefined;
}

interface Engines {
  readonly planner: Planner | undefined;
  readonly empty: Started<Engine | undefined>;
  readonly state?: string;
  readonly filled?: Started<Engine | undefined>;
}

function startedEngines(request: EngineRequest, { planner, empty, state, filled }: Engines): WarmEngine {
  return {
    // One that was started without the extensions is of no use.
    take: async (extensions) => (extensions.length === 0 ? await empty.take() : undefined) ?? openEngine({ ...request, extensions }),
    takeState: async (key, extensions) => {
      const engine = key === state ? await filled?.take() : undefined;
      if (engine !== undefined && extensions.every((name) => engine.has(`extension ${name}`))) return engine;
      await engine?.close();
      return openState({ ...request, extensions }, key);
    },
    ready: (filled ?? empty).settled,
    planner,
    release: async () => {
      await empty.release();
      await filled?.release();
    },
  };
}

interface Started<Value> {
  readonly take: () => Promise<Value> | undefined;
  readonly release: () => Promise<void>;
  readonly settled: Promise<void>;
}

function started<Value extends Engine | undefined>(opening: Promise<Value>): Started<Value> {
  let waiting: Promise<Value> | undefined = opening;
  // Whoever takes it learns what went wrong; until then nobody waits.
  const settled = opening.then(
    () => undefined,
    () => undefined,
  );
  return {
    take: () => {
      const taken = waiting;
      waiting = undefined;
      return taken;
    },
    release: async () => {
      const left = waiting;
      waiting = undefined;
      await (await left?.catch(() => undefined))?.close();
    },
    settled,
  };
}
