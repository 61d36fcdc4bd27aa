/** A trigger, as an object of its table or view: `trigger public.digests.set_updated_at`. */
import type { SchemaObject } from '../../model/object.ts';

export type TriggerEvent = 'insert' | 'update' | 'delete' | 'truncate';

export interface TriggerAttributes {
  readonly timing: 'before' | 'after' | 'instead of';
  /** In the order of the type above. */
  readonly events: readonly TriggerEvent[];
  /** Columns of UPDATE OF; empty where any update fires it. */
  readonly updateOf: readonly string[];
  readonly level: 'row' | 'statement';
  /** The WHEN condition as pg_get_triggerdef prints it, without the parentheses round it. */
  readonly condition?: string;
  /** The function as SQL, without arguments: `public.set_updated_at`. */
  readonly function: string;
  readonly arguments: readonly string[];
  /** Names of the transition tables. */
  readonly oldTable?: string;
  readonly newTable?: string;
  /** Only a constraint trigger has one. */
  readonly constraint?: { readonly deferral: 'not deferrable' | 'deferrable' | 'initially deferred'; readonly references?: string };
  readonly enabled: 'origin' | 'disabled' | 'replica' | 'always';
}
export type Trigger = SchemaObject<'trigger', TriggerAttributes>;
