/**
 * What the embedded engine keeps in the cache folder: one base pack for a PGlite version and its
 * initdb parameters, and the newest states, each a pack that leans on that base. Knows file names
 * and pruning; never how a data directory comes about.
 */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectoryNode } from './file-tree.ts';
import { openPack, writePack, type Pack } from './pack.ts';

export interface EmbeddedCache {
  readonly openBase: () => Pack | undefined;
  readonly writeBase: (root: DirectoryNode, capabilities: readonly string[]) => void;
  readonly removeBase: () => void;
  readonly openState: (key: string, base: Pack) => Pack | undefined;
  readonly removeState: (key: string) => void;
  readonly writeState: (key: string, base: Pack, content: { readonly root: DirectoryNode; readonly extensions: readonly string[] }) => void;
}

/** States beyond these are deleted, the longest unused first: four of migrations, and the one that queries are planned in. */
const keptStates = 5;

export function embeddedCache(cacheFolder: string, version: string, parameters: readonly string[]): EmbeddedCache {
  const digest = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder, `pglite-${version}-${digest}`);
  const basePath = join(folder, 'base.pack');
  const states = join(folder, 'states');
  return {
    openBase: () => openPack(basePath, undefined),
    writeBase: (root, capabilities) => writePack(basePath, root, { base: undefined, extensions: [], capabilities }),
    removeBase: () => rmSync(basePath, { force: true }),
    openState: (key, base) => openUsed(statePath(states, key), base),
    removeState: (key) => rmSync(statePath(states, key), { force: true }),
    writeState: (key, base, content) => {
      writePack(statePath(states, key), content.root, { base: base.identity, extensions: content.extensions, capabilities: [] });
      prune(states);
    },
  };
}

/** Any text can be a key: one that is no plain file name is stored under its digest. */
function statePath(states: string, key: string): string {
  const plain = /^[A-Za-z0-9_-]{1,100}$/.test(key);
  return join(states, `${plain ? key : createHash('sha256').update(key).digest('hex')}.pack`);
}

function openUsed(path: string, base: Pack): Pack | undefined {
  const pack = openPack(path, base);
  const now = new Date();
  if (pack) attempt(() => utimesSync(path, now, now));
  return pack;
}

function prune(states: string): void {
  const files = readdirSync(states).map((name) => {
    const path = join(states, name);
    return { path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  files.sort((left, right) => right.time - left.time);
  for (const { path } of files.slice(keptStates)) attempt(() => rmSync(path, { force: true }));
}

/** For what another process may be doing at the same moment, and a read-only cache. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The cache works without it.
  }
}
