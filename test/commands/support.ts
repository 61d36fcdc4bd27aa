/**
 * Projects on disk for tests of the verbs: files in, `compile` and `check` called in process or as a
 * process of its own. The schema language is a package in the project's node_modules, as it is for a
 * user; the embedded engine's base is made once a machine and linked into every project. Projects go with the test file.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect } from 'vitest';
import { checkCommand } from '../../compiler/commands/check.ts';
import { compileCommand, type CompileArguments } from '../../compiler/commands/compile.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { DiagnosticError, type Diagnostic } from '../../compiler/model/diagnostic.ts';
import { listFiles } from '../../compiler/workspace/files.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const scratch = join(repository, 'node_modules', '.cache', 'schemac-test');
const engineCache = join(tmpdir(), 'schemac-test-cache');

export type Files = { readonly [path: string]: string };

export interface Project {
  readonly root: string;
  /** Writes files; `undefined` removes one. Paths are relative to the project. */
  readonly write: (files: { readonly [path: string]: string | undefined }) => void;
  readonly read: (path: string) => string;
  /** Every file of generated/ with its text, leftovers of an interrupted run included. */
  readonly generated: () => ReadonlyMap<string, string>;
  readonly compile: (given?: Partial<CompileArguments>) => Promise<CommandResult>;
  readonly check: () => Promise<CommandResult>;
  readonly git: (...parameters: readonly string[]) => string;
  /** Another project with the same schema, migrations and documents. */
  readonly copy: (options?: ProjectOptions) => Promise<Project>;
}

const holders: string[] = [];
afterAll(() => {
  for (const holder of holders) rmSync(holder, { recursive: true, force: true });
});

let packaged: string | undefined;

/** The package `schemac` from the sources as they are, without its command line. */
async function schemacPackage(): Promise<string> {
  if (packaged !== undefined) return packaged;
  const folder = scratchFolder('package-');
  const entryPoints = { dsl: 'compiler/dsl/index.ts', zod: 'compiler/dsl/zod.ts' };
  await build({
    absWorkingDir: repository,
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'schemac', type: 'module', exports: { '.': './dsl.js', './zod': './zod.js' } }),
  );
  packaged = folder;
  return folder;
}

/** A folder that goes when the process does. */
export function scratchFolder(beginning: string): string {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, beginning));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** TypeScript reads the schema language from the sources. */
const tsconfig = JSON.stringify({
  extends: join(repository, 'tsconfig.json'),
  compilerOptions: {
    paths: { schemac: [join(repository, 'compiler/dsl/index.ts')], 'schemac/zod': [join(repository, 'compiler/dsl/zod.ts')] },
    types: [],
  },
  include: ['schema'],
});

/** Finds nothing. Types are checked where a test is about them; elsewhere this stands in, and halves the time of a run. */
const noTypeErrors: Files = {
  'node_modules/typescript7/package.json': '{ "name": "typescript7", "type": "module" }',
  'node_modules/typescript7/lib/tsc.js': '',
};

async function linkEngineBase(root: string): Promise<void> {
  const bases = (): readonly string[] =>
    (existsSync(engineCache) ? readdirSync(engineCache) : []).filter((name) => existsSync(join(engineCache, name, 'base.pack')));
  if (bases().length === 0) await (await openEngine({ cacheFolder: engineCache })).close();
  for (const name of bases()) {
    mkdirSync(join(root, '.schemac', 'engine', name), { recursive: true });
    linkSync(join(engineCache, name, 'base.pack'), join(root, '.schemac', 'engine', name, 'base.pack'));
  }
}

/** The repository's own schema, by path. */
export function ownSchema(): Files {
  return Object.fromEntries([...filesBelow(join(repository, 'schema'))].map(([path, text]) => [`schema/${path}`, text]));
}

export interface ProjectOptions {
  /** The last part of the project's path; the one before it has a space. */
  readonly name?: string;
  /** The real TypeScript compiler, or one that finds nothing. */
  readonly types?: 'checked' | 'not checked';
}

/** A project with these files and nothing generated yet. */
export async function createProject(files: Files, { name = 'shop', types = 'not checked' }: ProjectOptions = {}): Promise<Project> {
  const holder = realpathSync(mkdtempSync(join(tmpdir(), 'schemac commands ')));
  const root = join(holder, name);
  holders.push(holder);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  symlinkSync(await schemacPackage(), join(root, 'node_modules', 'schemac'));
  await linkEngineBase(root);
  const project = projectAt(root);
  project.write({
    'package.json': '{ "name": "shop", "type": "module" }',
    'tsconfig.json': tsconfig,
    '.gitignore': 'node_modules\n.schemac\n',
  });
  project.write(types === 'checked' ? files : { ...noTypeErrors, ...files });
  return project;
}

function projectAt(root: string): Project {
  const given = { root, allow: [], loader: 'esbuild', history: 'extend', report: () => undefined } as const;
  return {
    root,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        const file = join(root, path);
        if (text === undefined) rmSync(file, { recursive: true, force: true });
        else {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, text);
        }
      }
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    generated: () => filesBelow(join(root, 'generated')),
    compile: (more = {}) => settled(compileCommand({ ...given, ...more })),
    check: () => settled(checkCommand(given)),
    git: (...parameters) => gitIn(root, parameters),
    copy: async (options) => {
      const copied = await createProject({}, options);
      for (const folder of ['schema', 'generated'])
        if (existsSync(join(root, folder))) cpSync(join(root, folder), join(copied.root, folder), { recursive: true });
      return copied;
    },
  };
}

/** As the command line has it: a `DiagnosticError` is a result with exit code 1. */
async function settled(action: Promise<CommandResult>): Promise<CommandResult> {
  return action.catch((error: unknown): CommandResult => {
    if (!(error instanceof DiagnosticError)) throw error;
    return { exitCode: 1, diagnostics: error.diagnostics, json: undefined, lines: [] };
  });
}

/** Every file below a folder with its text; none is left out. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

function gitIn(root: string, parameters: readonly string[]): string {
  const settings = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', '-c', 'core.editor=true'];
  // Without the user's and the machine's settings, and outside of any repository around.
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: join(root, '.git'),
    GIT_WORK_TREE: root,
  };
  return execFileSync('git', [...settings, ...parameters], { cwd: root, encoding: 'utf8', env, stdio: 'pipe' });
}

/** The codes of what was found, each once, without what lint says of every schema here. */
export function codes(result: CommandResult): readonly string[] {
  const lint = new Set(['varchar-limit', 'foreign-key-from-partitioned-table', 'renamed-from-can-go']);
  return [...new Set(result.diagnostics.map(({ code }) => code))].filter((code) => !lint.has(code));
}

/** What failed is in the message. */
export function expectDone(result: CommandResult | undefined): void {
  expect(result?.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(result?.exitCode).toBe(0);
}

/** The one diagnostic of a code. */
export function finding(result: CommandResult, code: string): Diagnostic {
  const found = result.diagnostics.filter((diagnostic) => diagnostic.code === code);
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${found.length} diagnostics are ${code}: ${JSON.stringify(result.diagnostics, undefined, 1)}`);
  return found[0];
}

/** The names of the migrations, in order. */
export function migrationsOf(project: Project): readonly string[] {
  return listFiles(join(project.root, 'generated', 'migrations'))
    .filter((path) => path.endsWith('.sql'))
    .map((path) => path.slice(0, -'.sql'.length));
}

/** The last migration's text. */
export function lastMigration(project: Project): string {
  return project.read(`generated/migrations/${migrationsOf(project).at(-1) ?? 'none'}.sql`);
}

/** The last so many migrations, one after the other: a change that waits for the deploy has two. */
export function lastMigrations(project: Project, count: number): string {
  return migrationsOf(project)
    .slice(-count)
    .map((name) => project.read(`generated/migrations/${name}.sql`))
    .join('');
}

/** What a migration does, a statement a line: without comments, transactions and settings. */
export function statementsOf(migration: string): readonly string[] {
  return migration.split('\n').filter((line) => line !== '' && !/^(--|\\set|SET |BEGIN;|COMMIT;)/.test(line));
}
