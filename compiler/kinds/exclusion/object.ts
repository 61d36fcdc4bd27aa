/** An exclusion constraint, as an object: `exclusion public.bookings.bookings_no_overlap`. */
import type { SchemaObject } from '../../model/object.ts';
import type { Deferral } from '../attribute-types.ts';
import type { IndexKeyParts } from '../index-keys.ts';
import type { IndexRoles } from '../replica-identity.ts';

export interface ExclusionAttributes extends IndexRoles {
  /** From `EXCLUDE` on, as pg_get_constraintdef prints it: PostgreSQL has no ALTER for any part. */
  readonly definition: string;
}
export type Exclusion = SchemaObject<'exclusion', ExclusionAttributes>;

/** `facts.parts` of one that was read from a database: the definition in its parts. */
export interface ExclusionParts {
  readonly method: string;
  readonly elements: readonly (IndexKeyParts & { readonly operator: string })[];
  readonly include: readonly string[];
  readonly where: string | null;
  readonly deferral: Deferral;
}
