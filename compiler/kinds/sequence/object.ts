/** A free or owned sequence, as an object: `sequence public.invoice_number`. Identity sequences belong to their column. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { SequenceOptions } from '../attribute-types.ts';

export interface SequenceAttributes extends SequenceOptions {
  readonly type: string;
  /** Present where it is not logged, PostgreSQL 15 and later. */
  readonly persistence?: 'unlogged';
  /** The column that it is dropped with. */
  readonly ownedBy?: Address;
}
export type Sequence = SchemaObject<'sequence', SequenceAttributes>;
