/** An attribute of a composite type, as an object: `attribute public.address.street`. */
import type { SchemaObject } from '../../model/object.ts';

export interface AttributeAttributes {
  /** As format_type prints it. */
  readonly type: string;
  /** Qualified name of a collation other than the type's own. */
  readonly collation?: string;
}
export type Attribute = SchemaObject<'attribute', AttributeAttributes>;
