/** A declared row of a small lookup table, as an object: `reference-row public.statuses."1"`, named by its key. */
import type { SchemaObject } from '../../model/object.ts';

export interface ReferenceRowAttributes {
  /** The columns that name the row, in the order of its address. */
  readonly key: readonly string[];
  /** What the declared columns hold, the key among them, as PostgreSQL prints it. Other columns are the database's own. */
  readonly values: { readonly [column: string]: string | null };
}
export type ReferenceRow = SchemaObject<'reference-row', ReferenceRowAttributes>;
