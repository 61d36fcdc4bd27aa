/**
 * The difference between two states: objects added, removed, or altered in named attributes.
 * Generic over kinds; what a change means in SQL is the business of a kind.
 */
import type { SchemaObject } from './object.ts';

export interface Added<Object extends SchemaObject = SchemaObject> {
  readonly change: 'added';
  readonly after: Object;
}

export interface Removed<Object extends SchemaObject = SchemaObject> {
  readonly change: 'removed';
  readonly before: Object;
}

export interface Altered<Object extends SchemaObject = SchemaObject> {
  readonly change: 'altered';
  readonly before: Object;
  readonly after: Object;
  /** The names of the attributes that differ, sorted. */
  readonly attributes: readonly string[];
}

export type Change<Object extends SchemaObject = SchemaObject> = Added<Object> | Removed<Object> | Altered<Object>;
