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
import type { PlannerMessage, PlannerStart } from './plan-worker.ts';

export interface Planner {
  /** Gives what `planQueries` gives; one request after another. */
  readonly plan: (request: PlanRequest) => Promise<GateResult | NotPlanned>;
  /** Ends it, and what it is planning. */
  readonly release: () => Promise<void>;
}

export function startPlanner(start: PlannerStart): Planner {
  const file = workerFile();
  return file === undefined ? plannerHere(start) : plannerIn(started(file, start));
}

/** This module is in an entry or in a chunk beside it. */
function workerFile(): URL | undefined {
  return ['./plan-worker.js', '../plan-worker.js']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)));
}

function plannerHere({ cacheFolder }: PlannerStart): Planner {
  return {
    plan: (request) => planQueries(request, request.from === 'kept' ? openKeptPlanDatabase({ cacheFolder }) : Promise.resolve(undefined)),
    release: () => Promise.resolve(),
  };
}

function started(file: URL, start: PlannerStart): Worker {
  const worker = new Worker(file, {
    workerData: start,
    // Statistics and plans are much short-lived text: with the usual 16 MB a tenth of the time goes into collecting it.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  // What it says of an error nobody may be waiting for yet.
  worker.on('error', () => undefined);
  void compiledArtifacts().then(
    (artifacts) => worker.postMessage({ artifacts } satisfies PlannerMessage),
    // Without an engine the main thread fails too, in words of its own.
    () => worker.terminate(),
  );
  return worker;
}

function plannerIn(worker: Worker): Planner {
  let last: Promise<unknown> = Promise.resolve();
  return {
    plan: (request) => {
      const answer = last.then(() => ask(worker, request));
      last = answer.catch(() => undefined);
      return answer;
    },
    release: async () => void (await worker.terminate()),
  };
}

function ask(worker: Worker, request: PlanRequest): Promise<GateResult | NotPlanned> {
  return new Promise((resolve, reject) => {
    const answered = (answer: GateResult | NotPlanned): void => end(() => resolve(answer));
    const failed = (error: Error): void => end(() => reject(error));
    const ended = (): void => end(() => resolve({ why: 'planning was ended' }));
    const end = (settle: () => void): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended);
      settle();
    };
    // An ended thread says so once.
    if (worker.threadId < 0) ended();
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage({ request } satisfies PlannerMessage);
  });
}
