/** A policy of row-level security, as an object: `policy public.digests.own_rows`. It goes with its table. */
import type { SchemaObject } from '../../model/object.ts';
import type { GranteeName } from '../grantee.ts';

export type PolicyCommand = 'all' | 'select' | 'insert' | 'update' | 'delete';

export interface PolicyAttributes {
  readonly command: PolicyCommand;
  /** A row must pass one permissive policy and every restrictive one (manual: CREATE POLICY). */
  readonly mode: 'permissive' | 'restrictive';
  /** Sorted; PUBLIC stands alone. */
  readonly roles: readonly GranteeName[];
  /** Which rows the command finds, as pg_get_expr prints it. */
  readonly using?: string;
  /** Which rows it may leave behind. */
  readonly withCheck?: string;
}
export type Policy = SchemaObject<'policy', PolicyAttributes>;
