/**
 * What to say when a schema file throws, or cannot be linked: the message at its place in the source,
 * and in particular the advice for files that import each other in a circle.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, posix, resolve } from 'node:path';
import { inspect } from 'node:util';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { errorPosition, relativePath } from './places.ts';
import type { Locate } from './places.ts';
import { placeOfOffset } from './source-keys.ts';

export interface FailureContext {
  readonly root: string;
  readonly files: readonly string[];
  readonly locate: Locate;
}

/** Throws the failure as a `DiagnosticError`. */
export function failedEvaluation(error: unknown, context: FailureContext): never {
  // Another copy of this package may have made it, so it is known by its name.
  if (error instanceof Error && error.name === 'DiagnosticError') throw error;
  throw new DiagnosticError([describe(error, context)]);
}

function describe(error: unknown, context: FailureContext): Diagnostic {
  const message = error instanceof Error ? error.message : textOf(error);
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  const unexported = /does not provide an export named '(.+?)'/.exec(message);
  if (unexported !== null) return unknownExport(unexported[1] ?? '', message, context);
  if (code === 'ERR_MODULE_NOT_FOUND') return missingPackage(message, context);
  const place = placeOf(error, context);
  const circle = place === undefined ? undefined : circleOf(place.file, context);
  const early = /Cannot access '.+' before initialization|Cannot read properties of undefined|is not a function|undefined is not/.test(
    message,
  );
  if (early && circle !== undefined) return importCircle(message, place, circle);
  return {
    code: 'module-throws',
    severity: 'error',
    message: `a schema file throws: ${message}`,
    ...(place === undefined ? {} : { place }),
    hint: 'schema files must evaluate without errors; the place is where it was thrown',
  };
}

/** What a module hook throws arrives as an object without a prototype, which String() refuses. */
function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  return inspect(error);
}

function importCircle(message: string, place: Place | undefined, circle: readonly string[]): Diagnostic {
  return {
    code: 'import-circle',
    severity: 'error',
    message: `files import each other in a circle, and one needs the other before it is there (${message}): ${[...circle, circle[0]].join(' -> ')}`,
    ...(place === undefined ? {} : { place }),
    hint: "use what is imported only inside a function, as in references((): AnyTable => other, 'id') or sql`${() => other}`; or move what both need to a third file",
  };
}

function placeOf(error: unknown, context: FailureContext): Place | undefined {
  const position = errorPosition(error, context.locate);
  if (position === undefined) return undefined;
  return { file: relativePath(context.root, position.file), line: position.line, column: position.column };
}

/** The shortest circle of imports through a file, beginning with it. */
function circleOf(file: string, context: FailureContext): readonly string[] | undefined {
  const imports = importsOf(context);
  const cameFrom = new Map<string, string>();
  const queue = [file];
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    for (const next of imports.get(current) ?? []) {
      if (next === file) return pathTo(current, cameFrom);
      if (cameFrom.has(next) || !imports.has(next)) continue;
      cameFrom.set(next, current);
      queue.push(next);
    }
  }
  return undefined;
}

/** Which file imports which, read from their texts: only a failure needs it. */
function importsOf({ root, files }: FailureContext): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files);
  const importsIn = (file: string): readonly string[] =>
    [...readFileSync(resolve(root, file), 'utf8').matchAll(/\bfrom\s*['"](\.[^'"]+)['"]/g)]
      .map((match) => posix.join(posix.dirname(file), match[1] ?? ''))
      .map((path) => [path, `${path}.ts`, path.replace(/js$/, 'ts')].find((each) => known.has(each)) ?? path);
  return new Map(files.map((file) => [file, importsIn(file)]));
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function unknownExport(name: string, message: string, context: FailureContext): Diagnostic {
  const module = /requested module '(.+?)'/.exec(message)?.[1] ?? 'the module';
  const place = find(new RegExp(`import[^;]*?\\b(${escaped(name)})\\b[^;]*?from\\s*['"]${escaped(module)}['"]`), name, context);
  return {
    code: 'unknown-import',
    severity: 'error',
    message: `"${name}" is imported from "${module}", which does not export it`,
    ...(place === undefined ? {} : { place }),
    hint: 'check the spelling; the editor lists what there is',
  };
}

function missingPackage(message: string, context: FailureContext): Diagnostic {
  const name = /Cannot find (?:package|module) '(.+?)'/.exec(message)?.[1] ?? '';
  const place = name === '' ? undefined : find(new RegExp(`from\\s*(['"]${escaped(name)}['"/])`), name, context);
  return {
    code: 'unresolved-import',
    severity: 'error',
    message: name === '' ? message : `${isAbsolute(name) ? relativePath(context.root, name) : `the package "${name}"`} cannot be found`,
    ...(place === undefined ? {} : { place }),
    hint: missingHint(name),
  };
}

/** Node names a file where the package is there and what it exports is not: a build that is missing. */
function missingHint(name: string): string {
  if (name === '') return 'check the path of the import';
  return isAbsolute(name) ? 'the package is there but incomplete: build it, or install it again' : `install it: npm install ${name}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** The first place in the files where a pattern is found, at the name in it. */
function find(pattern: RegExp, name: string, { root, files }: FailureContext): Place | undefined {
  for (const file of files) {
    const source = readFileSync(resolve(root, file), 'utf8');
    const match = pattern.exec(source);
    if (match !== null) return { file, ...placeOfOffset(source, match.index + Math.max(0, match[0].lastIndexOf(name))) };
  }
  return undefined;
}
