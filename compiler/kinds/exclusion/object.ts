/** An exclusion constraint, as an object: `exclusion public.bookings.bookings_no_overlap`. */
import type { SchemaObject } from '../../model/object.ts';

export interface ExclusionAttributes {
  /** From `EXCLUDE` on, as pg_get_constraintdef prints it: PostgreSQL has no ALTER for any part. */
  readonly definition: string;
}
export type Exclusion = SchemaObject<'exclusion', ExclusionAttributes>;
