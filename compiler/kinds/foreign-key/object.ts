/** A foreign key, as an object: `foreign-key public.digests.digests_user_id_fkey`. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { Deferral } from '../attribute-types.ts';

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKeyAttributes {
  readonly columns: readonly string[];
  readonly references: Address;
  readonly referencedColumns: readonly string[];
  readonly match: 'simple' | 'full';
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
  /** `ON DELETE SET NULL (columns)`, PostgreSQL 15 and later. */
  readonly onDeleteColumns: readonly string[];
  readonly deferral: Deferral;
  readonly validated: boolean;
  /** Present where it is only noted: NOT ENFORCED, PostgreSQL 18 and later. */
  readonly enforced?: false;
  /** Whether the last column is a period that the referenced one must cover: PERIOD, PostgreSQL 18 and later. */
  readonly period?: true;
}
export type ForeignKey = SchemaObject<'foreign-key', ForeignKeyAttributes>;
