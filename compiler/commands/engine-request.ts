/** Which engine a project asks for, and where its cache is. */
import { join } from 'node:path';
import type { EngineRequest } from '../engine/open.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Which engine, and where its cache is. */
export function engineRequestOf(workspace: Workspace, engine: string | undefined): EngineRequest {
  return { cacheFolder: join(workspace.cache, 'engine'), ...(engine === undefined ? {} : { using: engine }) };
}
