/**
 * The stamp: what a compile read and what generated/ held when it was done, as two digests in
 * .schemac/. While both hold, `compile` has nothing to do and says again what it said then. Nothing
 * heavy may be imported here: it is tried before the pipeline loads. `check` never looks at it.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isWritingUnfinished, listFiles } from '../workspace/files.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import type { CommandResult } from './result.ts';

/** The arguments of `compile` that decide whether a stamp says anything. */
export interface StampRequest {
  readonly root: string;
  readonly loader: 'esbuild' | 'ts-node';
  readonly history: 'extend' | 'amend' | 'rebase';
  readonly engine?: string;
}

interface Stamp {
  readonly inputs: string;
  readonly outputs: string;
  /** Files outside schema/ that its files import, relative to the project. */
  readonly sources: readonly string[];
  readonly engine: string;
  /** What was printed then is printed again. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Whether a run may use or leave a stamp. A server is not ours to vouch for, ts-node does not say
 * what it read, and amending or rebasing always has something to do.
 */
function mayStamp(request: StampRequest): boolean {
  return (
    compilerFolder() !== undefined &&
    request.loader === 'esbuild' &&
    request.history === 'extend' &&
    (request.engine === undefined || request.engine === 'embedded')
  );
}

/** The result of a compile with nothing changed since the last one, or undefined: then it has to run. */
export function stampedResult(request: StampRequest): CommandResult | undefined {
  if (!mayStamp(request)) return undefined;
  const workspace = workspaceAt(request.root);
  // What an interrupted run left is to be finished first.
  if (isWritingUnfinished(workspace.generated)) return undefined;
  const stamp = readStamp(workspace);
  if (
    stamp === undefined ||
    isWritingUnfinished(workspace.generated) ||
    stamp.inputs !== inputsDigest(workspace, stamp.sources) ||
    stamp.outputs !== outputsDigest(workspace)
  )
    return undefined;
  const { engine, diagnostics } = stamp;
  return {
    exitCode: 0,
    diagnostics,
    json: { migration: null, migrations: [], statements: [], written: [], engine, diagnostics },
    lines: [`everything is current, proven on ${engine}; nothing has changed since`],
  };
}

/** What a compile is about to read, taken before it reads it. */
export interface StampedInputs {
  readonly digest: string;
  readonly began: number;
}

export function stampInputs(request: StampRequest): StampedInputs | undefined {
  if (!mayStamp(request)) return undefined;
  return { digest: inputsDigest(workspaceAt(request.root), []), began: Date.now() };
}

export interface StampContent {
  /** Every file that the schema was evaluated from, as the loader names them. */
  readonly sources: readonly string[];
  readonly engine: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Leaves a stamp after everything was written; none where an input changed while the compile ran. */
export function writeStamp(request: StampRequest, inputs: StampedInputs, content: StampContent): void {
  const workspace = workspaceAt(request.root);
  const sources = content.sources.filter((path) => !path.startsWith('schema/'));
  const isOld = (path: string): boolean =>
    (statSync(resolve(workspace.root, path), { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < inputs.began;
  if (inputsDigest(workspace, []) !== inputs.digest || !sources.every(isOld)) return;
  const stamp: Stamp = { ...content, sources, inputs: inputsDigest(workspace, sources), outputs: outputsDigest(workspace) };
  const path = stampPath(workspace);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(stamp));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The outputs are in place; without a stamp the next run takes longer, no more.
    rmSync(`${path}.${process.pid}`, { force: true });
  }
}

function stampPath(workspace: Workspace): string {
  return join(workspace.cache, 'stamp.json');
}

function readStamp(workspace: Workspace): Stamp | undefined {
  const path = stampPath(workspace);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stamp;
  } catch {
    // Half a stamp is none: the compile runs and leaves a whole one.
    return undefined;
  }
}

/** Everything that a compile's result depends on, but for what is in generated/. */
function inputsDigest(workspace: Workspace, sources: readonly string[]): string {
  const hash = createHash('sha256');
  // Some lint rules ask for the day: an ignore runs out, a review grows stale.
  hash.update(JSON.stringify([process.version, new Date().toISOString().slice(0, 10)]));
  addCompiler(hash);
  for (const path of listFiles(workspace.schema)) addFile(hash, workspace.schema, path);
  for (const path of sources) addFile(hash, workspace.root, path);
  for (const path of settingsFiles(workspace.root)) addFile(hash, workspace.root, path);
  return hash.digest('hex');
}

/** Contents are read, always: sizes and times can be the same for a file that is not. */
function outputsDigest(workspace: Workspace): string {
  const hash = createHash('sha256');
  for (const path of listFiles(workspace.generated)) addFile(hash, workspace.generated, path);
  return hash.digest('hex');
}

function addFile(hash: Hash, folder: string, path: string): void {
  const file = resolve(folder, path);
  const content = existsSync(file) ? readFileSync(file) : undefined;
  // The length first, so that no content can pass for the end of one file and the start of the next.
  hash.update(`\0${path}\0${content?.length ?? 'missing'}\0`);
  if (content !== undefined) hash.update(content);
}

/** Where the compiler is, by its command line; a program that holds the library in a bundle of its own has none. */
function compilerFolder(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (['cli.js', 'cli.ts'].some((name) => existsSync(join(folder, name)))) return folder;
  }
  return undefined;
}

/** The bundle's entries name their chunks by the hashes of what is in them; sources are read whole. */
/** Stands for the compiler's own code, where it is whole. */
export function compilerDigest(): string {
  const hash = createHash('sha256');
  addCompiler(hash);
  return hash.digest('hex');
}

function addCompiler(hash: Hash): void {
  const folder = compilerFolder() ?? '';
  const isBundle = existsSync(join(folder, 'cli.js'));
  const files = isBundle
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .sort()
    : listFiles(folder);
  for (const path of files) addFile(hash, folder, path);
  for (const name of ['@electric-sql/pglite', 'esbuild', 'typescript7', 'typescript']) addFile(hash, '/', installed(name, folder));
}

/** The manifest of a package as Node would find it from a folder; where it is not, a path that is not there. */
function installed(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(path) || folder === dirname(folder)) return path;
  }
}

/** What decides which packages and which rules of TypeScript the schema meets. */
function settingsFiles(root: string): readonly string[] {
  const packages = ['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'node_modules/.package-lock.json'];
  const configurations: string[] = [];
  for (let path: string | undefined = 'tsconfig.json'; path !== undefined && !configurations.includes(path);) {
    configurations.push(path);
    path = extended(root, path);
  }
  const local = ['typescript7', 'typescript'].map((name) => installed(name, root));
  return [...packages, ...configurations, ...local];
}

/** The configuration that another one rests on, where it is a file of the project's own. */
function extended(root: string, path: string): string | undefined {
  const file = resolve(root, path);
  const base = existsSync(file) ? /"extends"\s*:\s*"(\.[^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  if (base === undefined) return undefined;
  return resolve(dirname(file), base.endsWith('.json') ? base : `${base}.json`);
}
