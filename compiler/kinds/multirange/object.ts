/** The type of sets of ranges that every range type has, as an object: `multirange public.price_multirange`. It has nothing but its name. */
import type { SchemaObject } from '../../model/object.ts';

export type MultirangeAttributes = Readonly<Record<never, never>>;
export type Multirange = SchemaObject<'multirange', MultirangeAttributes>;
