/**
 * Evaluates the schema with esbuild: one bundle of all files, written inside the project so that
 * packages resolve from there, imported and removed at once. Packages stay outside the bundle.
 */
import { SourceMap } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildOptions, Message } from 'esbuild';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import type { EvaluatedFile } from './collect.ts';
import { failedEvaluation } from './failed-evaluation.ts';
import type { Locate } from './places.ts';
import { temporaryPath, withFile } from './temporary-file.ts';

export interface Evaluated {
  readonly files: readonly EvaluatedFile[];
  readonly locate: Locate;
  /** Every file of the project that was read, where the loader can tell. */
  readonly sources?: readonly string[];
}

export interface EvaluateRequest {
  readonly root: string;
  /** Relative to the project, sorted. */
  readonly files: readonly string[];
  /** The source of the DSL's entry, where `schemac` is not installed as a package. */
  readonly dslModule?: string;
}

const entryName = 'schemac-entry.ts';

/** Bundles and imports the files. Throws a `DiagnosticError` where they cannot be read or evaluated. */
export async function evaluateBundle(request: EvaluateRequest): Promise<Evaluated> {
  // A name of its own each time, since a module is imported once per name.
  const file = temporaryPath(request.root, 'schema', '.mjs');
  const { code, map, sources } = await build(request, file);
  let sourceMap: SourceMap | undefined;
  const locate: Locate = (position) => {
    if (position.file !== file) return undefined;
    sourceMap ??= new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
    const entry = sourceMap.findEntry(position.line - 1, position.column - 1);
    if (!('originalSource' in entry)) return undefined;
    return {
      file: resolve(dirname(file), entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  };
  const module = await withFile(file, code, () => import(pathToFileURL(file).href) as Promise<unknown>).catch((error: unknown) =>
    failedEvaluation(error, { ...request, locate }),
  );
  const exported = (module as { readonly default: readonly EvaluatedFile['exports'][] }).default;
  return { files: request.files.map((name, index) => ({ file: name, exports: exported[index] ?? {} })), locate, sources };
}

async function build(
  { root, files, dslModule }: EvaluateRequest,
  file: string,
): Promise<{ code: string; map: string; sources: readonly string[] }> {
  const { build: esbuild } = await import('esbuild');
  const result = await esbuild({
    stdin: { contents: entryOf(files), resolveDir: root, sourcefile: entryName, loader: 'ts' },
    absWorkingDir: root,
    outfile: file,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'external',
    sourcesContent: false,
    packages: 'external',
    metafile: true,
    logLevel: 'silent',
    ...dslOptions(dslModule),
  }).catch((error: unknown) => {
    const { errors } = error as { readonly errors?: readonly Message[] };
    if (errors === undefined) throw error;
    throw new DiagnosticError(errors.map(diagnosticOf));
  });
  const output = (ending: string): string => result.outputFiles?.find((each) => each.path.endsWith(ending))?.text ?? '';
  const sources = Object.keys(result.metafile?.inputs ?? {})
    .filter((path) => path !== entryName)
    .sort(compareText);
  return { code: output('.mjs'), map: output('.map'), sources };
}

function dslOptions(dslModule: string | undefined): BuildOptions {
  if (dslModule === undefined) return { external: ['schemac', 'schemac/*'] };
  return { alias: { 'schemac/zod': join(dirname(dslModule), 'zod.ts'), schemac: dslModule } };
}

/** One default export with the exports of every file, since names repeat between files. */
function entryOf(files: readonly string[]): string {
  const imports = files.map((file, index) => `import * as m${index} from ${JSON.stringify(`./${file}`)};`);
  return `${imports.join('\n')}\nexport default [${files.map((_, index) => `m${index}`).join(', ')}];\n`;
}

function diagnosticOf(message: Message): Diagnostic {
  const { location, text, notes } = message;
  const hint = notes.map((note) => note.text).join(' ');
  const missing = /No matching export in "(.+)" for import "(.+)"/.exec(text);
  return {
    code: missing !== null ? 'unknown-reference' : text.startsWith('Could not resolve') ? 'unresolved-import' : 'syntax-error',
    severity: 'error',
    message: missing === null ? text : `"${missing[2]}" is imported from ${missing[1]}, which does not export it`,
    ...(location === null ? {} : { place: { file: location.file, line: location.line, column: columnOf(location) } }),
    ...(hint === '' ? {} : { hint }),
  };
}

/** esbuild counts columns in UTF-8 bytes from 0, we in UTF-16 units from 1. */
function columnOf(location: NonNullable<Message['location']>): number {
  return Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
}
