/** A check constraint of a table, as an object: `check public.digests.digests_period_check`. */
import type { SchemaObject } from '../../model/object.ts';

export interface CheckAttributes {
  /** As pg_get_expr prints it, without the outer word CHECK. */
  readonly expression: string;
  readonly noInherit: boolean;
  readonly validated: boolean;
}
export type Check = SchemaObject<'check', CheckAttributes>;
