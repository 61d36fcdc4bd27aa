/**
 * Builds dist/: the command line, the schema language, its zod schemas and the library, as modules
 * that share chunks, so that a verb loads only what it needs. Packages stay outside. With `--types`,
 * as `prepare` runs it, type declarations too, and nothing that is left from earlier builds.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = dirname(fileURLToPath(import.meta.url));
const root = dirname(compiler);
const output = join(root, 'dist');
const templates = join('commands', 'templates');

/**
 * The JavaScript alone; gives the paths of what it wrote. Another process may run from dist/ meanwhile:
 * files are renamed into place, and old chunks stay.
 */
export async function bundle() {
  const began = new Date();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'compiler/cli.ts',
      dsl: 'compiler/dsl/index.ts',
      zod: 'compiler/dsl/zod.ts',
      api: 'compiler/api.ts',
      'plan-worker': 'compiler/workload/plan-worker.ts',
    },
    outdir: output,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  });
  cpSync(join(compiler, templates), join(output, templates), { recursive: true });
  // Chunks first, entries after what they import.
  for (const { path, contents } of outputFiles.toSorted((left, right) => right.path.length - left.path.length)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  // As old as what was read: a source saved while the build ran is newer.
  utimesSync(join(output, 'cli.js'), began, began);
  return outputFiles.map(({ path }) => path);
}

function removeOthers(written) {
  const kept = new Set(written);
  for (const path of filesBelow(output)) {
    const isOurs = kept.has(path) || path.startsWith(join(output, templates)) || path.startsWith(join(output, 'types'));
    if (!isOurs) rmSync(path, { force: true });
  }
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The type declarations, by the TypeScript compiler, unchecked: `npm run types` checks. */
function declarations() {
  const tsc = ['typescript7', 'typescript']
    .map((name) => join(root, 'node_modules', name, 'lib', 'tsc.js'))
    .find((path) => existsSync(path));
  if (tsc === undefined) {
    console.error('dist/types/ is not built: typescript is not installed (npm install)');
    return;
  }
  const made = mkdtempSync(join(tmpdir(), 'schemac-types-'));
  const { status } = spawnSync(process.execPath, [tsc, '--project', join(root, 'tsconfig.types.json'), '--outDir', made], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
  else keepReachable(made, join(output, 'types'));
  rmSync(made, { recursive: true, force: true });
}

/** Copies the declarations that the entries lead to; those of the inside stay at home. Names as every TypeScript reads them. */
function keepReachable(from, to) {
  rmSync(to, { recursive: true, force: true });
  const reached = new Set(['dsl/index.d.ts', 'dsl/zod.d.ts', 'api.d.ts']);
  const imported = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;
  for (const path of reached) {
    const text = readFileSync(join(from, path), 'utf8');
    for (const [, , , specifier] of text.matchAll(imported)) reached.add(join(dirname(path), `${specifier}.d.ts`));
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), text.replace(imported, '$1$2$3.js$2'));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const written = await bundle();
  if (process.argv.includes('--types')) {
    removeOthers(written);
    declarations();
  }
}
