/**
 * What the DSL has no word for, as an object: `opaque audit_trigger`, made and dropped by SQL that a
 * person wrote. What its SQL makes in the engine belongs to it (`facts.owns`).
 */
import type { SchemaObject } from '../../model/object.ts';

export interface OpaqueAttributes {
  readonly create: string;
  readonly drop: string;
}
export type Opaque = SchemaObject<'opaque', OpaqueAttributes>;
