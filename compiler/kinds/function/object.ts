/** A function, as an object: `function public.total(integer, text)`. Window functions are functions too. */
import type { SchemaObject } from '../../model/object.ts';
import type { RoutineAttributes } from '../routine.ts';

export interface FunctionAttributes extends RoutineAttributes {
  /** As pg_get_function_result prints it: `integer`, `SETOF public.users`, `TABLE(id bigint, name text)`, `trigger`. */
  readonly returns: string;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  /** RETURNS NULL ON NULL INPUT. */
  readonly strict: boolean;
  readonly leakproof: boolean;
  readonly parallel: 'safe' | 'restricted' | 'unsafe';
  /** Absent where it is the language's own: 1 for c and internal, 100 for the others. */
  readonly cost?: number;
  /** Absent where it is 1000, or the function gives no set. */
  readonly rows?: number;
  /** The planner support function, `schema.name`. */
  readonly support?: string;
  readonly window: boolean;
}
export type Function = SchemaObject<'function', FunctionAttributes>;
