/**
 * The embedded engine: PGlite over a pack from the cache, everything written staying in memory
 * until it is kept. No caller sees PGlite; nothing outside this file decides what is cached.
 */
import { ownRoles, readCapabilities } from './capabilities.ts';
import { embeddedCache, type EmbeddedCache } from './embedded-cache.ts';
import { loadableExtensions } from './embedded-extensions.ts';
import { embeddedSession } from './embedded-session.ts';
import { PostgresError, type PlanningEngine } from './engine.ts';
import { newDirectory } from './file-tree.ts';
import type { Pack } from './pack.ts';
import { pretendedFiles } from './pretended-files.ts';
import { CannotStart, initdbParameters, pgliteVersion, startPglite } from './pglite-runtime.ts';

export interface EmbeddedRequest {
  readonly cacheFolder: string;
  readonly extensions?: readonly string[];
}

/** Opens PostgreSQL as initdb left it; the first time on a machine makes the base (seconds). */
export async function openEmbedded(request: EmbeddedRequest): Promise<PlanningEngine> {
  const cache = cacheOf(request);
  const extensions = loadableExtensions(request.extensions ?? []);
  const base = cache.openBase();
  if (base) {
    try {
      return await startEngine(cache, { base, pack: base, extensions });
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error;
      // Whole by its footer, damaged inside: what can be made again is not worth a diagnosis.
      cache.removeBase();
    }
  }
  const made = await makeBase(cache);
  return startEngine(cache, { base: made, pack: made, extensions });
}

/** Opens what an engine kept under this key, with the extensions it had; undefined if not there. */
export async function openEmbeddedState(request: EmbeddedRequest, key: string): Promise<PlanningEngine | undefined> {
  const cache = cacheOf(request);
  const base = cache.openBase();
  if (!base) return undefined;
  const pack = cache.openState(key, base);
  if (!pack) {
    base.close();
    return undefined;
  }
  const extensions = loadableExtensions([...(request.extensions ?? []), ...pack.extensions]);
  try {
    return await startEngine(cache, { base, pack, extensions });
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    cache.removeState(key);
    return undefined;
  }
}

function cacheOf(request: EmbeddedRequest): EmbeddedCache {
  return embeddedCache(request.cacheFolder, pgliteVersion(), initdbParameters);
}

async function makeBase(cache: EmbeddedCache): Promise<Pack> {
  const root = newDirectory(0o700);
  const database = await startPglite(root, []);
  // Asked once here: the catalog views cost 40 ms and more in a fresh process.
  const capabilities = [...(await readCapabilities(embeddedSession(database).run))];
  // A clean shutdown leaves nothing to recover and the relation cache files written.
  await database.close();
  // Another process may have been quicker; replacing its base would orphan the states that lean on it.
  const meanwhile = cache.openBase();
  if (meanwhile) return meanwhile;
  cache.writeBase(root, capabilities);
  const made = cache.openBase();
  if (!made) throw new Error('the base of the embedded PostgreSQL could not be read back from the cache folder');
  return made;
}

interface Start {
  readonly base: Pack;
  /** The base itself, or a state that leans on it. */
  readonly pack: Pack;
  readonly extensions: readonly string[];
}

function closePacks({ base, pack }: Start): void {
  pack.close();
  if (base !== pack) base.close();
}

async function startEngine(cache: EmbeddedCache, start: Start): Promise<PlanningEngine> {
  const { root } = start.pack;
  try {
    const database = await startPglite(root, start.extensions);
    const session = embeddedSession(database);
    const capabilities = new Set([ownRoles, ...start.base.capabilities, ...start.extensions.map((name) => `extension ${name}`)]);
    const [shown] = await session.run('SHOW server_version');
    const version = shown?.['server_version'] ?? '';
    return {
      identity: { name: `PGlite ${pgliteVersion()} (PostgreSQL ${version})`, major: Number.parseInt(version, 10) },
      has: (capability) => capabilities.has(capability),
      query: session.run,
      execute: async (sql) => void (await session.run(sql)),
      describe: session.describe,
      ...pretendedFiles(root),
      keep: async (key) => {
        await session.run('CHECKPOINT');
        cache.writeState(key, start.base, { root, extensions: start.extensions });
      },
      close: async () => {
        await database.close();
        closePacks(start);
      },
    };
  } catch (error) {
    closePacks(start);
    // A catalog that cannot be read is a damaged one.
    throw error instanceof PostgresError ? new CannotStart(error) : error;
  }
}
