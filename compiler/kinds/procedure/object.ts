/** A procedure, as an object: `procedure public.archive(date)`. */
import type { SchemaObject } from '../../model/object.ts';
import type { RoutineAttributes } from '../routine.ts';

export type Procedure = SchemaObject<'procedure', RoutineAttributes>;
