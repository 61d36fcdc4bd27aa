/**
 * Builds dist/: the command line, the schema language, its zod schemas and the library, as modules
 * that share chunks, so that a verb loads only what it needs. Packages stay outside. With `--types`,
 * as `prepare` runs it, from an empty folder and with type declarations.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = dirname(fileURLToPath(import.meta.url));
const root = dirname(compiler);
const output = join(root, 'dist');
const templates = join('commands', 'templates');

/** The JavaScript alone. Another process may run from dist/ meanwhile: files are renamed into place and old chunks stay. */
export async function bundle() {
  const began = new Date();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'compiler/cli.ts',
      dsl: 'compiler/dsl/index.ts',
      zod: 'compiler/dsl/zod.ts',
      api: 'compiler/api.ts',
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
}

/** The type declarations, by the TypeScript compiler, unchecked: `npm run types` checks. */
function declarations() {
  const tsc = ['typescript7', 'typescript'].map((name) => join(root, 'node_modules', name, 'lib', 'tsc.js')).find((path) => existsSync(path));
  if (tsc === undefined) {
    console.error('dist/types/ is not built: typescript is not installed (npm install)');
    return;
  }
  const { status } = spawnSync(process.execPath, [tsc, '--project', join(root, 'tsconfig.types.json')], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
  else keepReachable(join(output, 'types'));
}

/** The declarations that the entries lead to; those of the inside stay at home. Names as every TypeScript reads them. */
function keepReachable(folder) {
  const reached = new Set(['dsl/index.d.ts', 'dsl/zod.d.ts', 'api.d.ts'].map((entry) => join(folder, entry)));
  const imported = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;
  for (const path of reached) {
    const text = readFileSync(path, 'utf8');
    for (const [, , , specifier] of text.matchAll(imported)) reached.add(join(dirname(path), `${specifier}.d.ts`));
    writeFileSync(path, text.replace(imported, '$1$2$3.js$2'));
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(path)) rmSync(path);
  }
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const path of folders.map((entry) => join(entry.parentPath, entry.name)).sort().reverse()) {
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isWhole = process.argv.includes('--types');
  if (isWhole) rmSync(output, { recursive: true, force: true });
  await bundle();
  if (isWhole) declarations();
}
