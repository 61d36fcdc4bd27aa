/**
 * From a captured stack frame to file, line and column, and from there to a key inside the literal.
 * Nothing is worked out before it is asked for: frames, source maps and sources are read lazily.
 */
import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../model/diagnostic.ts';
import type { Origin } from '../dsl/declaration.ts';
import type { Places } from './context.ts';
import { findInTemplate, findKey, offsetOf, placeOfOffset } from './source-keys.ts';

/** A position in what was evaluated: line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Takes a position in evaluated code to the source that was written; paths are absolute. */
export type Locate = (position: Position) => Position | undefined;

/** Places relative to the project folder. */
export function placesIn(root: string, locate: Locate): Places {
  const sources = new Map<string, string>();
  const sourceOf = (file: string): string => {
    let source = sources.get(file);
    if (source === undefined) sources.set(file, (source = readSource(resolve(root, file))));
    return source;
  };
  const placeOf = (origin: Origin): Place | undefined => {
    const position = frameOf(origin);
    const written = position === undefined ? undefined : locate(position);
    return written === undefined ? undefined : { file: relativePath(root, written.file), line: written.line, column: written.column };
  };
  const find = (place: Place | undefined, search: (source: string, from: number) => number | undefined): Place | undefined => {
    if (place === undefined) return undefined;
    const source = sourceOf(place.file);
    const offset = search(source, offsetOf(source, place));
    return offset === undefined ? place : { file: place.file, ...placeOfOffset(source, offset) };
  };
  return {
    of: (origin, ...keys) => (keys.length === 0 ? placeOf(origin) : find(placeOf(origin), (source, from) => findKey(source, from, keys))),
    inTemplate: (origin, piece, at) => find(placeOf(origin), (source, from) => findInTemplate(source, from, piece, at)),
  };
}

/** A place may be asked for after the file is gone; then the place of the call has to do. */
function readSource(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A path as messages show it: relative to the project, with slashes. */
export function relativePath(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

/** Reads the frame that a declaration captured; V8 builds it on the first read of `stack`. */
function frameOf(origin: Origin): Position | undefined {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_error, frames) => frames;
  let frames: unknown;
  try {
    frames = origin.stack;
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
  const frame = Array.isArray(frames) ? (frames[0] as NodeJS.CallSite | undefined) : undefined;
  const file = frame?.getFileName() ?? undefined;
  const line = frame?.getLineNumber() ?? undefined;
  if (file === undefined || line === undefined) return undefined;
  return { file: asPath(file), line, column: frame?.getColumnNumber() ?? 1 };
}

/** The position of the first frame of an error's stack that lies in a file that `locate` knows. */
export function errorPosition(error: unknown, locate: Locate): Position | undefined {
  const stack = error instanceof Error ? String(error.stack) : '';
  // A path may hold spaces and parentheses; what comes before it is `at ` or a name and `(`.
  for (const match of stack.matchAll(/^\s*at (?:.*? \()?((?:file:|\/|[A-Z]:).*):(\d+):(\d+)\)?$/gm)) {
    const written = locate({ file: asPath(match[1] ?? ''), line: Number(match[2]), column: Number(match[3]) });
    if (written !== undefined) return written;
  }
  return undefined;
}

function asPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}
