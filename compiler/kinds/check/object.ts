/** A check constraint of a table, as an object: `check public.digests.digests_period_check`. */
import type { SchemaObject } from '../../model/object.ts';

export interface CheckAttributes {
  /** As pg_get_expr prints it, without the outer word CHECK. */
  readonly expression: string;
  readonly noInherit: boolean;
  readonly validated: boolean;
  /** Present where it is only noted: NOT ENFORCED, PostgreSQL 18 and later. It is never validated then. */
  readonly enforced?: false;
}
export type Check = SchemaObject<'check', CheckAttributes>;
