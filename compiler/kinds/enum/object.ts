/** An enumerated type, as an object: `enum public.send_status`. */
import type { SchemaObject } from '../../model/object.ts';

export interface EnumAttributes {
  /** Labels in their order. */
  readonly values: readonly string[];
}
export type Enum = SchemaObject<'enum', EnumAttributes>;
