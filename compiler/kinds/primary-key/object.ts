/** A primary key, as an object: `primary-key public.digests.digests_pkey`. Its index is part of it. */
import type { SchemaObject } from '../../model/object.ts';
import type { KeyAttributes } from '../attribute-types.ts';

export type PrimaryKey = SchemaObject<'primary-key', KeyAttributes>;
