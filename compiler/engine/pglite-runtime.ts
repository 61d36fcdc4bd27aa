/**
 * Starts PGlite on a file tree. The compiled WebAssembly module and the file bundle are loaded once
 * a process and shared by every instance. Nothing here knows caches, states or the engine interface.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Extensions, PGlite } from '@electric-sql/pglite';
import { extensionModule } from './embedded-extensions.ts';
import type { DirectoryNode } from './file-tree.ts';

/**
 * Small WAL segments and the C.UTF-8 locale of libc: PGlite 0.5 knows no other locale, and with it
 * text sorts by code point on every machine.
 */
export const initdbParameters: readonly string[] = [
  '--wal-segsize=1',
  '--allow-group-access',
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--locale-provider=libc',
  '--auth=trust',
];

/**
 * Small and quick for a database that is thrown away. Nothing here may change how PostgreSQL prints
 * an expression or a value. Measured with 1,000 tables: shared_buffers is touched whole at the start
 * and larger ones gain nothing over a file system in memory; wal_level minimal is a fifth slower.
 */
const settings: Readonly<Record<string, string>> = {
  shared_buffers: '8MB',
  max_locks_per_transaction: '512',
  autovacuum: 'off',
  jit: 'off',
  // JavaScript's stack overflows before WebAssembly's: with 2MB a deep recursion ends the engine, here it is error 54001.
  max_stack_depth: '200kB',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  // Old WAL would otherwise stay in memory and in every kept state.
  wal_recycle: 'off',
  wal_init_zero: 'off',
  min_wal_size: '2MB',
  max_wal_size: '32MB',
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
};

const distribution = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));

/** PGlite's own version, as in its package.json. */
export function pgliteVersion(): string {
  const manifest = JSON.parse(readFileSync(join(distribution, '..', 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

export interface Artifacts {
  readonly pgliteWasmModule: WebAssembly.Module;
  readonly fsBundle: Blob;
}

/** Node has it; the library that TypeScript knows it from is the browser's. */
const { compile } = (globalThis as unknown as { WebAssembly: { compile: (this: void, code: Uint8Array) => Promise<WebAssembly.Module> } })
  .WebAssembly;

let artifacts: Promise<Artifacts> | undefined;

/**
 * How many bytes of WebAssembly a function runs before V8 optimises it. V8's own 1.8 million has the
 * optimiser compete for the processor with the PostgreSQL that it is to make quicker: adding a column
 * to ten tables took 1.9 s in place of 1.3 s, and a compile of 1,000 tables gains nothing by it.
 */
const tieringBudget = 400_000_000;

async function loadArtifacts(): Promise<Artifacts> {
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudget}`);
  const [code, bundle] = await Promise.all([readFile(join(distribution, 'pglite.wasm')), readFile(join(distribution, 'pglite.data'))]);
  return { pgliteWasmModule: await compile(code), fsBundle: new Blob([bundle]) };
}

/** The compiled PostgreSQL, for another thread of this process: compiling it again takes as long as starting it. */
export async function compiledArtifacts(): Promise<Artifacts> {
  artifacts ??= loadArtifacts();
  return artifacts;
}

/** Takes what another thread compiles. */
export function useArtifacts(compiled: Promise<Artifacts>): void {
  artifacts = compiled;
}

/** PostgreSQL did not come up on the data directory that it was given. */
export class CannotStart extends Error {
  constructor(cause: unknown) {
    super(`the embedded PostgreSQL cannot start: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.name = 'CannotStart';
  }
}

/** Starts PostgreSQL on the tree; an empty tree is filled by initdb first (seconds, 0.8 GB). */
export async function startPglite(root: DirectoryNode, extensions: readonly string[]): Promise<PGlite> {
  const [shared, pglite, overlay] = await Promise.all([
    compiledArtifacts(),
    import('@electric-sql/pglite'),
    import('./overlay-filesystem.ts'),
  ]);
  // Leaving the default parameters out makes the process hang.
  const startParams = [
    ...pglite.PGlite.defaultStartParams,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const options = { ...shared, startParams, initDbStartParams: [...initdbParameters], extensions: await importExtensions(extensions) };
  try {
    return await pglite.PGlite.create({ ...options, fs: new overlay.OverlayFilesystem(root) });
  } catch (error) {
    throw new CannotStart(error);
  }
}

async function importExtensions(names: readonly string[]): Promise<Extensions> {
  const loaded = await Promise.all(
    names.map(async (name) => {
      const module = extensionModule(name);
      const exported = (await import(`@electric-sql/pglite/contrib/${module}`)) as Extensions;
      return [module, exported[module]] as const;
    }),
  );
  return Object.fromEntries(loaded.filter((entry): entry is [string, Extensions[string]] => entry[1] !== undefined));
}
