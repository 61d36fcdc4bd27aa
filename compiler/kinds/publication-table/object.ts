/** A table that a publication lists, as an object: `publication-table digests_feed.public.digests`. */
import type { SchemaObject } from '../../model/object.ts';

export interface PublicationTableAttributes {
  /** Sorted; absent where all are published. PostgreSQL 15 and later. */
  readonly columns?: readonly string[];
  /** Which rows are published. PostgreSQL 15 and later. */
  readonly where?: string;
}
export type PublicationTable = SchemaObject<'publication-table', PublicationTableAttributes>;
