/**
 * What the DSL has no word for, as an object: `opaque audit_trigger`, made and dropped by SQL that a
 * person wrote. What its SQL makes in the engine belongs to it and is no object of the schema.
 */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';

export interface OpaqueAttributes {
  readonly create: string;
  readonly drop: string;
  /** What the create makes, found when the schema is elaborated; sorted. */
  readonly owns: readonly Address[];
}
export type Opaque = SchemaObject<'opaque', OpaqueAttributes>;
