/** An extension, as an object: `extension citext`. What belongs to it is not ours to describe. */
import type { SchemaObject } from '../../model/object.ts';

export interface ExtensionAttributes {
  /** The schema that holds its objects. */
  readonly schema: string;
  /** Pinned version; absent where the server's default is meant. */
  readonly version?: string;
}
export type Extension = SchemaObject<'extension', ExtensionAttributes>;
