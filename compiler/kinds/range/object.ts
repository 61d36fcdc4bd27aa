/** A range type without its multirange type, as an object: `range public.price_range`. */
import type { SchemaObject } from '../../model/object.ts';

export interface RangeAttributes {
  /** As format_type prints it. */
  readonly subtype: string;
  /** Where it is not the subtype's default. */
  readonly operatorClass?: string;
  /** Qualified name of a collation other than the subtype's own. */
  readonly collation?: string;
  /** Name of the function that brings discrete ranges into one form. */
  readonly canonical?: string;
  /** Name of the function that gives the distance of two values. */
  readonly subtypeDiff?: string;
}
export type Range = SchemaObject<'range', RangeAttributes>;
