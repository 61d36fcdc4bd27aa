/** Which engine a verb asks for, and where its cache is. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isServerUrl, type EngineRequest } from '../engine/open.ts';
import { fail } from '../model/diagnostic.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';

/** Of a project: its own cache. */
export function engineRequestOf(workspace: Workspace, engine: string | undefined): EngineRequest {
  return requestIn(workspace.cache, engine);
}

/** Of the verbs that compare sources. The project's cache where there is a project; two databases are compared from anywhere, and leave nothing there. */
export function engineRequestFor({ root, engine }: { readonly root: string; readonly engine?: string }): EngineRequest {
  if (engine !== undefined && !isServerUrl(engine))
    fail('bad-argument', '--engine takes a postgres:// URL', { hint: 'leave it out for the embedded PostgreSQL' });
  const workspace = workspaceAt(root);
  const isProject = existsSync(workspace.schema) || existsSync(workspace.generated);
  const users = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return requestIn(isProject ? workspace.cache : join(users, 'schemac'), engine);
}

function requestIn(cache: string, engine: string | undefined): EngineRequest {
  return { cacheFolder: join(cache, 'engine'), ...(engine === undefined ? {} : { using: engine }) };
}
