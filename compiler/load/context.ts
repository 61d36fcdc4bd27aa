/**
 * What composing a schema hands from step to step: where diagnostics and objects go, and how a
 * declaration is found. Nothing here knows a kind or a rule.
 */
import type { Address } from '../model/address.ts';
import type { Annotation, Project } from '../model/declared.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { SchemaObject } from '../model/object.ts';
import type { Declaration, Origin } from '../dsl/declaration.ts';

/** Finds where something was written; see places.ts. */
export interface Places {
  /** The place of a declaration, or of a key inside the literal that it was given. */
  of(origin: Origin, ...keys: readonly string[]): Place | undefined;
  /** The place of a character in the template literal that a tag was called with: which string, and the offset in it. */
  inTemplate(origin: Origin, piece: number, offset: number): Place | undefined;
}

/** An annotation whose place is worked out when it is read. */
export type Notes = Omit<Annotation, 'place'>;

/** A mistake at a declaration, or at a key inside it. */
export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly subject?: Address;
  readonly severity?: Diagnostic['severity'];
  readonly at: Origin;
  readonly keys?: readonly string[];
}

export interface Context {
  readonly project: Project;
  readonly places: Places;
  /** Addresses of everything declared and exported: tables, columns as bound in their table, types, views. */
  readonly addressOf: ReadonlyMap<Declaration, Address>;
  /** Names of declared schemas, `public` among them. */
  readonly schemas: ReadonlySet<string>;
  readonly report: (mistake: Mistake) => void;
  /** Adds an object with its annotation and, where docs are comments, its comment. */
  readonly add: (object: SchemaObject, at: Origin, keys: readonly string[], notes: Notes) => void;
}

/** Drops the keys whose value is undefined, for attributes that are absent rather than undefined. */
export function present<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
