/** A view, as an object: `view public.active_users`. */
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';

export interface ViewAttributes {
  /** As pg_get_viewdef prints it, without the final semicolon. */
  readonly query: string;
  /** `security_barrier`, `security_invoker` (15), `check_option`. */
  readonly options: StorageParameters;
}
export type View = SchemaObject<'view', ViewAttributes>;
