/**
 * The folders of a project and nothing else: where declarations are read, where outputs go, where
 * the cache is. Everything is relative to one root, so that no output ever holds an absolute path.
 */
import { join } from 'node:path';

export interface Workspace {
  /** Absolute path of the project. */
  readonly root: string;
  readonly schema: string;
  readonly generated: string;
  readonly migrations: string;
  /** Ours alone, not committed: may be deleted any time. */
  readonly cache: string;
}

export function workspaceAt(root: string): Workspace {
  const generated = join(root, 'generated');
  return { root, schema: join(root, 'schema'), generated, migrations: join(generated, 'migrations'), cache: join(root, '.schemac') };
}
