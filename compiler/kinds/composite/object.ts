/** A composite type without its attributes, as an object: `composite public.address`. */
import type { SchemaObject } from '../../model/object.ts';

export interface CompositeAttributes {
  /** The names of its attributes: a value is written in their order, so it is part of what the type is. */
  readonly order: readonly string[];
}
export type Composite = SchemaObject<'composite', CompositeAttributes>;
