/**
 * The thread in which a planner has queries planned: it opens what was kept before it is asked, each time
 * that it will be.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { useArtifacts, type Artifacts } from '../engine/pglite-runtime.ts';
import { openKeptPlanDatabase } from './plan-database.ts';
import { planQueries, type PlanRequest } from './plan-queries.ts';

export interface PlannerStart {
  readonly cacheFolder: string;
  /** `many`: what was kept is opened anew after each answer. */
  readonly requests: 'one' | 'many';
}

/** The compiled engine comes first: the thread starts while another one compiles it. */
export type PlannerMessage = { readonly artifacts: Artifacts } | { readonly request: PlanRequest };

type Opening = ReturnType<typeof openKeptPlanDatabase>;

const { cacheFolder, requests } = workerData as PlannerStart;
let giveArtifacts = (_: Artifacts): void => undefined;
useArtifacts(new Promise((resolve) => (giveArtifacts = resolve)));

function open(): Opening {
  const opening = openKeptPlanDatabase({ cacheFolder });
  // Whoever plans learns of it.
  opening.catch(() => undefined);
  return opening;
}

let opened = open();

async function answer(request: PlanRequest): Promise<void> {
  parentPort?.postMessage(await planQueries(request, opened));
  opened = requests === 'many' ? open() : Promise.resolve(undefined);
}

parentPort?.on('message', (message: PlannerMessage) => {
  if ('artifacts' in message) giveArtifacts(message.artifacts);
  else void answer(message.request);
});
