/**
 * Who owns an object, as an object: `owner table public.digests`. There is none where it is the role
 * that runs migrations, which is another one in every database.
 */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';

export interface OwnerAttributes {
  /** The object that is owned. */
  readonly on: Address;
  readonly role: string;
}
export type Owner = SchemaObject<'owner', OwnerAttributes>;
