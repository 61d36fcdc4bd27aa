/**
 * What stands in the `triggers` of a table or a view, by name. Triggers of one event and timing fire
 * in the order of their names.
 */
import type { Suppress } from './column.ts';
import type { FunctionDeclaration } from './routines.ts';
import type { Name, Sql } from './sql.ts';
import type { AnyTable } from './table.ts';

/** A function that returns `trigger`; by name where an extension or PostgreSQL brings it. */
export type TriggerFunction = FunctionDeclaration<'trigger'> | Name;

export interface TriggerInput<Column extends string = string> {
  /** When it fires: before or after what happens, or, on a view, in its place. */
  readonly when: 'before' | 'after' | 'instead of';
  readonly on: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  /** Only updates that set one of these columns. */
  readonly updateOf?: readonly Column[];
  /** `row` where absent, which is not PostgreSQL's own default. Truncating fires for the statement alone. */
  readonly forEach?: 'row' | 'statement';
  /** Only rows for which it is true: sql`OLD.email IS DISTINCT FROM NEW.email`. */
  readonly condition?: Sql;
  /** In a circle, where the function's body names the table: `execute: (): TriggerFunction => touch`. */
  readonly execute: TriggerFunction | (() => TriggerFunction);
  /** Texts that the function finds in TG_ARGV. */
  readonly args?: readonly string[];
  /** A name for the rows as they were, in a trigger for each statement that fires afterwards. */
  readonly oldTable?: string;
  readonly newTable?: string;
  /** A constraint trigger: its check may wait until the end of the transaction. */
  readonly constraint?: {
    readonly deferral?: 'not deferrable' | 'deferrable' | 'initially deferred';
    readonly references?: 'self' | (() => AnyTable);
  };
  /** `origin` where absent: not while changes are replicated. */
  readonly enabled?: 'origin' | 'disabled' | 'replica' | 'always';
  readonly doc?: string;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

export interface TriggersInput<Column extends string = string> {
  readonly [name: string]: TriggerInput<Column>;
}
