/** A column without its default, as an object: `column public.digests.subject`. `facts.position` is its physical place. */
import type { SchemaObject } from '../../model/object.ts';
import type { SequenceOptions, StorageParameters } from '../attribute-types.ts';

export interface ColumnAttributes {
  /** As format_type prints it. */
  readonly type: string;
  readonly nullable: boolean;
  /** Qualified name of a collation other than the type's own. */
  readonly collation?: string;
  readonly identity?: SequenceOptions & { readonly generation: 'always' | 'by default' };
  readonly generated?: { readonly expression: string; readonly form: 'stored' | 'virtual' };
  /** Set where it is not the type's own: `external`, `extended`, `main`, `plain`. */
  readonly storage?: string;
  readonly compression?: string;
  /** Values that ANALYZE keeps of it, where it is not the server's default. */
  readonly statistics?: number;
  /** `n_distinct`, `n_distinct_inherited`. */
  readonly options?: StorageParameters;
  /** Of its NOT NULL as a constraint (18), where it is not validated and inherited as usual; facts.notNull is a name that is not PostgreSQL's own. */
  readonly notNull?: { readonly validated: boolean; readonly noInherit: boolean };
}
export type Column = SchemaObject<'column', ColumnAttributes>;
