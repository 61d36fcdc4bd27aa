/**
 * The embedded engine: PGlite over a pack from the cache, everything written staying in memory
 * until it is kept. No caller sees PGlite; nothing outside this file decides what is cached.
 */
import type { PGlite } from '@electric-sql/pglite';
import { readCapabilities } from './capabilities.ts';
import { embeddedCache, type EmbeddedCache } from './embedded-cache.ts';
import { loadableExtensions } from './embedded-extensions.ts';
import { PostgresError, type Engine, type EngineRow } from './engine.ts';
import { newDirectory, type DirectoryNode } from './file-tree.ts';
import type { Pack } from './pack.ts';
import { initdbParameters, pgliteVersion, startPglite } from './pglite-runtime.ts';
import { queryMessage, readAnswer } from './wire.ts';

export interface EmbeddedRequest {
  readonly cacheFolder: string;
  readonly extensions?: readonly string[];
}

/** Opens PostgreSQL as initdb left it; the first time on a machine makes the base (seconds). */
export async function openEmbedded(request: EmbeddedRequest): Promise<Engine> {
  const cache = cacheOf(request);
  const base = await openOrMakeBase(cache);
  return startEngine(cache, base, { pack: base, extensions: loadableExtensions(request.extensions ?? []) });
}

/** Opens what an engine kept under this key, with the extensions it had; undefined if not there. */
export async function openEmbeddedState(request: EmbeddedRequest, key: string): Promise<Engine | undefined> {
  const cache = cacheOf(request);
  const base = cache.openBase();
  if (!base) return undefined;
  const pack = cache.openState(key, base);
  if (!pack) {
    base.close();
    return undefined;
  }
  return startEngine(cache, base, { pack, extensions: loadableExtensions([...(request.extensions ?? []), ...pack.extensions]) });
}

function cacheOf(request: EmbeddedRequest): EmbeddedCache {
  return embeddedCache(request.cacheFolder, pgliteVersion(), initdbParameters);
}

async function openOrMakeBase(cache: EmbeddedCache): Promise<Pack> {
  const there = cache.openBase();
  if (there) return there;
  const root = newDirectory(0o700);
  const database = await startPglite(root, []);
  // A clean shutdown leaves nothing to recover and the relation cache files written.
  await database.close();
  cache.writeBase(root);
  const made = cache.openBase();
  if (!made) throw new Error('the base of the embedded PostgreSQL could not be read back from the cache folder');
  return made;
}

interface Start {
  readonly pack: Pack;
  readonly extensions: readonly string[];
}

async function startEngine(cache: EmbeddedCache, base: Pack, start: Start): Promise<Engine> {
  const { root } = start.pack;
  const database = await startPglite(root, start.extensions);
  const run = (sql: string): readonly EngineRow[] => runQuery(database, sql);
  const query = async (sql: string): Promise<readonly EngineRow[]> => run(sql);
  const capabilities = await readCapabilities(query);
  const version = run('SHOW server_version')[0]?.['server_version'] ?? '';
  return {
    identity: { name: `PGlite ${pgliteVersion()} (PostgreSQL ${version})`, major: Number.parseInt(version, 10) },
    has: (capability) => capabilities.has(capability),
    query,
    execute: async (sql) => void run(sql),
    keep: async (key) => {
      run('CHECKPOINT');
      cache.writeState(key, base, { root, extensions: start.extensions });
    },
    close: async () => {
      await database.close();
      start.pack.close();
      if (base !== start.pack) base.close();
    },
  };
}

function runQuery(database: PGlite, sql: string): readonly EngineRow[] {
  const chunks: Buffer[] = [];
  void database.execProtocolRawStream(queryMessage(sql), { syncToFs: false, onRawData: (bytes) => void chunks.push(Buffer.from(bytes)) });
  const { rows, error, answered } = readAnswer(Buffer.concat(chunks));
  if (error) throw error;
  if (!answered) throw new PostgresError('the embedded PostgreSQL stopped without an answer', { code: 'XX000' });
  return rows;
}
