/**
 * The thread in which a planner has queries planned: it opens what was kept before it is asked, each time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { useArtifacts, type Artifacts } from '../engine/pglite-runtime.ts';
import { openKeptPlanDatabase } from './plan-database.ts';
import { planQueries, type PlanRequest } from './plan-queries.ts';

export interface PlannerStart {
  readonly cacheFolder: string;
  readonly artifacts: Artifacts;
}

const { cacheFolder, artifacts } = workerData as PlannerStart;
useArtifacts(artifacts);
type Opening = ReturnType<typeof openKeptPlanDatabase>;

function open(): Opening {
  const opening = openKeptPlanDatabase({ cacheFolder });
  // Whoever plans learns of it.
  opening.catch(() => undefined);
  return opening;
}

let opened = open();
parentPort?.on('message', (request: PlanRequest) => {
  void planQueries(request, opened).then((answer) => {
    parentPort?.postMessage(answer);
    opened = open();
  });
});
