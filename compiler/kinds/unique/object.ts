/** A unique constraint, as an object: `unique public.digests.digests_token_key`. Its index is part of it. */
import type { SchemaObject } from '../../model/object.ts';
import type { KeyAttributes } from '../attribute-types.ts';

export interface UniqueAttributes extends KeyAttributes {
  /** PostgreSQL 15 and later. */
  readonly nullsNotDistinct: boolean;
}
export type Unique = SchemaObject<'unique', UniqueAttributes>;
