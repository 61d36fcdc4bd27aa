/**
 * Plans queries beside the work of the main thread: an engine of its own in a thread of its own, started
 * before it is known what will be planned. The thread's program is a file of the bundle; where the compiler
 * runs from its sources, it is planned here.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { compiledArtifacts } from '../engine/pglite-runtime.ts';
import type { GateResult } from './gate.ts';
import { openKeptPlanDatabase } from './plan-database.ts';
import { planQueries, type NotPlanned, type PlanRequest } from './plan-queries.ts';
import type { PlannerStart } from './plan-worker.ts';

export interface Planner {
  /** Gives what `planQueries` gives; once. */
  readonly plan: (request: PlanRequest) => Promise<GateResult | NotPlanned>;
  /** Ends it, and what it is planning. */
  readonly release: () => Promise<void>;
}

export function startPlanner(cacheFolder: string): Planner {
  const file = workerFile();
  return file === undefined ? plannerHere(cacheFolder) : plannerIn(started(file, cacheFolder));
}

/** This module is in an entry or in a chunk beside it. */
function workerFile(): URL | undefined {
  return ['./plan-worker.js', '../plan-worker.js']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)));
}

function plannerHere(cacheFolder: string): Planner {
  return {
    plan: (request) => planQueries(request, request.from === 'kept' ? openKeptPlanDatabase({ cacheFolder }) : Promise.resolve(undefined)),
    release: () => Promise.resolve(),
  };
}

async function started(file: URL, cacheFolder: string): Promise<Worker> {
  const worker = new Worker(file, {
    workerData: { cacheFolder, artifacts: await compiledArtifacts() } satisfies PlannerStart,
    // Statistics and plans are much short-lived text: with the usual 16 MB a tenth of the time goes into collecting it.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  // What it says of an error nobody may be waiting for yet.
  worker.on('error', () => undefined);
  return worker;
}

function plannerIn(starting: Promise<Worker>): Planner {
  starting.catch(() => undefined);
  return {
    plan: async (request) => {
      const worker = await starting;
      return new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => resolve({ why: 'planning was ended' }));
        worker.postMessage(request);
      });
    },
    release: async () => {
      await starting.then((worker) => worker.terminate()).catch(() => undefined);
    },
  };
}
