/** A comment, as an object: `comment table public.digests`. It goes with what it is on. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';

export interface CommentAttributes {
  /** The object that it is on. */
  readonly on: Address;
  readonly text: string;
}
export type Comment = SchemaObject<'comment', CommentAttributes>;
