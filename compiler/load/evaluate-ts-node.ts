/**
 * Evaluates the schema with ts-node, in its transpile-only mode: each file is a module of its own, as
 * Node sees it. Kept as an alternative to the bundle; slower, and once per process, since modules that
 * Node has loaded are not loaded again.
 */
import { createRequire, findSourceMap, register } from 'node:module';
import { join, parse, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fail } from '../model/diagnostic.ts';
import type { EvaluatedFile } from './collect.ts';
import type { Evaluated, EvaluateRequest } from './evaluate-bundle.ts';
import { failedEvaluation } from './failed-evaluation.ts';
import type { Locate, Position } from './places.ts';

let registered = false;

/** Imports the files one after the other. Throws a `DiagnosticError` where one cannot be evaluated. */
export async function evaluateWithTsNode({ root, files }: Pick<EvaluateRequest, 'root' | 'files'>): Promise<Evaluated> {
  registerTsNode(root);
  const locate = locateInSources(root, files);
  const context = { root, files, locate };
  // Without it Node keeps no source map of what ts-node made, and places would be those of its output.
  process.setSourceMapsEnabled(true);
  try {
    const evaluated: EvaluatedFile[] = [];
    for (const file of files) {
      const importing = import(pathToFileURL(join(root, file)).href) as Promise<unknown>;
      const exports = await importing.catch((error: unknown) => {
        refuseCommonJs(error);
        return failedEvaluation(error, context);
      });
      evaluated.push({ file, exports: exports as EvaluatedFile['exports'] });
    }
    return { files: evaluated, locate };
  } finally {
    process.setSourceMapsEnabled(false);
  }
}

/** `--loader ts-node/esm` and `ts-node --esm` fail on Node 20; module.register() works. */
function registerTsNode(root: string): void {
  if (registered) return;
  const parent = [join(root, 'package.json'), fileURLToPath(import.meta.url)].find((from) => {
    try {
      createRequire(from).resolve('ts-node/esm');
      return true;
    } catch {
      return false;
    }
  });
  if (parent === undefined)
    fail('ts-node-missing', 'the loader ts-node is not installed', { hint: 'npm install -D ts-node typescript@6, or leave out --loader' });
  refuseNativeCompiler(parent);
  // Type-checking takes a minute for a thousand files and on Node 20 loses its messages; `check` has its own.
  process.env['TS_NODE_TRANSPILE_ONLY'] = 'true';
  process.env['TS_NODE_SKIP_IGNORE'] = 'true';
  // As with the bundle, no tsconfig may change what the schema means; and TypeScript 6 stops at settings
  // that only matter to emitted files, such as a rootDir that is not there (TS5011).
  process.env['TS_NODE_SKIP_PROJECT'] = 'true';
  process.env['TS_NODE_COMPILER_OPTIONS'] = JSON.stringify({
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    rootDir: parse(root).root,
  });
  register('ts-node/esm', pathToFileURL(parent));
  registered = true;
}

/** TypeScript 7 is a native program without the JavaScript API that ts-node compiles with. */
function refuseNativeCompiler(parent: string): void {
  const { version } = createRequire(parent)('typescript/package.json') as { readonly version: string };
  if (Number.parseInt(version, 10) < 7) return;
  fail('ts-node-typescript', `the loader ts-node needs TypeScript 6 or older, the project has ${version}`, {
    hint: 'npm install -D typescript@6, or leave out --loader',
  });
}

/** In a CommonJS package ts-node makes each file a CommonJS module, and Node refuses to require() one that is being imported. */
function refuseCommonJs(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_CYCLE_MODULE') return;
  fail('ts-node-commonjs', 'the loader ts-node needs a package of ES modules', {
    place: { file: 'package.json', line: 1, column: 1 },
    hint: 'write "type": "module" in package.json, or leave out --loader',
  });
}

function locateInSources(root: string, files: readonly string[]): Locate {
  const own = new Set(files.map((file) => resolve(root, file)));
  return (position: Position) => {
    const file = position.file.split('?')[0] ?? position.file;
    if (!own.has(file)) return undefined;
    const entry = findSourceMap(pathToFileURL(file).href)?.findEntry(position.line - 1, position.column - 1);
    if (entry === undefined || !('originalLine' in entry)) return { ...position, file };
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
