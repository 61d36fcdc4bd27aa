/** A schema, as an object: `schema archive`. It has nothing but its name. */
import type { SchemaObject } from '../../model/object.ts';

export type SchemaAttributes = Record<never, never>;
export type Schema = SchemaObject<'schema', SchemaAttributes>;
