/**
 * The thread in which a planner has queries planned: it opens what was kept at once, and takes one order.
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
const opened = openKeptPlanDatabase({ cacheFolder });
// Whoever plans learns of it.
opened.catch(() => undefined);
parentPort?.once('message', (request: PlanRequest) => {
  void planQueries(request, opened).then((answer) => parentPort?.postMessage(answer));
});
