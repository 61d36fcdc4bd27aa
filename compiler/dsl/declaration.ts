/**
 * What every declaration is: a frozen object with a marker that says which word made it, where, and
 * in which order. The marker is a registered symbol, so that declarations of a second copy of this
 * package are recognised. No validation happens here: loading does it, with a place and a hint.
 */

/** Registered, not unique to this copy of the package: the loader may hold another copy. */
export const marker: unique symbol = Symbol.for('schemac.declaration');

/** Holds the caller's stack frame; `stack` is made readable by load/places.ts, never formatted here. */
export interface Origin {
  readonly stack?: unknown;
}

export interface Declaration<Word extends string = string> {
  readonly [marker]: Word;
  /** Where the word was written. */
  readonly origin: Origin;
  /** Counts up over all declarations of a run: the order of writing inside a file. */
  readonly order: number;
}

/** V8's own part of Error, named here so that the language needs no types of Node. */
const stackTraces = Error as unknown as {
  stackTraceLimit: number;
  captureStackTrace(holder: object, above: (...parameters: never[]) => unknown): void;
};

let count = 0;

/**
 * Makes a declaration of `fields`. `caller` is the exported function that the user called: the frame
 * above it is the place. Capturing a frame costs 3 µs; turning it into text is put off until a
 * diagnostic needs it, which is why the origin itself must not be frozen (freezing reads `stack`).
 */
export function declaration<Word extends string, Fields extends object>(
  word: Word,
  fields: Fields,
  caller: (...parameters: never[]) => unknown,
): Declaration<Word> & Fields {
  const origin: Origin = {};
  const limit = stackTraces.stackTraceLimit;
  stackTraces.stackTraceLimit = 1;
  stackTraces.captureStackTrace(origin, caller);
  stackTraces.stackTraceLimit = limit;
  count += 1;
  return Object.freeze({ ...fields, [marker]: word, origin, order: count });
}

/** The word that made a value, or `undefined` where the value is no declaration. */
export function wordOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const word = (value as { readonly [marker]?: unknown })[marker];
  return typeof word === 'string' ? word : undefined;
}

/** Whether a value was made by this word. */
export function isDeclaration<Word extends string>(value: unknown, word: Word): value is Declaration<Word> {
  return wordOf(value) === word;
}
