/** Which engine the verbs that compare sources use, and where its cache is. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../model/diagnostic.ts';
import { workspaceAt } from '../workspace/workspace.ts';

/** The project's cache where there is a project; two databases are compared from anywhere, and leave nothing there. */
export function engineRequestFor({ root, engine }: { readonly root: string; readonly engine?: string }): {
  readonly cacheFolder: string;
  readonly using?: string;
} {
  if (engine !== undefined && !/^postgres(ql)?:\/\//.test(engine))
    fail('bad-argument', '--engine takes a postgres:// URL', { hint: 'leave it out for the embedded PostgreSQL' });
  const workspace = workspaceAt(root);
  const isProject = existsSync(workspace.schema) || existsSync(workspace.generated);
  const users = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const cacheFolder = join(isProject ? workspace.cache : join(users, 'schemac'), 'engine');
  return { cacheFolder, ...(engine === undefined ? {} : { using: engine }) };
}
