/**
 * The one door to an engine: which PostgreSQL is meant, and nothing about how each works. The heavy
 * packages load only when the engine that needs them is opened.
 */
import type { Engine, PlanningEngine } from './engine.ts';

export { embeddedExtensions } from './embedded-extensions.ts';

export interface EngineRequest {
  /** `embedded` (also when absent), or a `postgres://` URL of a server to make a scratch database on. */
  readonly using?: string;
  /** Where the embedded engine keeps its base and states; made if missing, may be deleted any time. */
  readonly cacheFolder: string;
  /** Extensions that may be created; those that the engine does not have are left to `has`. */
  readonly extensions?: readonly string[];
}

/** Opens an empty database, as CREATE DATABASE from template0 leaves it. */
export async function openEngine(request: EngineRequest): Promise<Engine> {
  if (isUrl(request.using)) {
    const { openNative } = await import('./native.ts');
    return openNative(request.using);
  }
  const { openEmbedded } = await import('./embedded.ts');
  return openEmbedded(request);
}

/** Opens the database of this name on a server, made where it is not there; nothing drops it. */
export async function openKeptDatabase(url: string, name: string): Promise<{ readonly engine: Engine; readonly isNew: boolean }> {
  const { openNamed } = await import('./native.ts');
  return openNamed(url, name);
}

/** Opens an empty database that can pretend to be full; always embedded, for nobody may do this to a server's files. */
export async function openPlanningEngine(request: Omit<EngineRequest, 'using'>): Promise<PlanningEngine> {
  const { openEmbedded } = await import('./embedded.ts');
  return openEmbedded(request);
}

/** Opens what `openPlanningEngine`'s engine kept under the key; undefined if it is not there (any more). */
export async function openPlanningState(request: EngineRequest, key: string): Promise<PlanningEngine | undefined> {
  const { openEmbeddedState } = await import('./embedded.ts');
  return openEmbeddedState(request, key);
}

/**
 * Opens what an engine of the same kind kept under the key; undefined if it is not there (any more).
 * On a server nothing is ever kept. The caller's key must cover whatever the state depends on.
 */
export async function openState(request: EngineRequest, key: string): Promise<Engine | undefined> {
  if (isUrl(request.using)) return undefined;
  const { openEmbeddedState } = await import('./embedded.ts');
  return openEmbeddedState(request, key);
}

/** Whether a text is the URL of a server. */
export function isServerUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text);
}

function isUrl(using: string | undefined): using is string {
  if (using === undefined || using === 'embedded') return false;
  if (isServerUrl(using)) return true;
  throw new Error('an engine is "embedded" or a postgres:// URL');
}
