/**
 * What functions and procedures have in common as data: arguments, body, and which changes CREATE OR
 * REPLACE takes (manual: CREATE FUNCTION, Notes). No SQL is written here, and no kind is named.
 */
import { signatureName } from '../model/address.ts';
import { sameJson, type SchemaObject } from '../model/object.ts';

/** `variadic` takes values in as `in` does; the columns of RETURNS TABLE are in `returns`. */
export type ArgumentMode = 'in' | 'out' | 'inout' | 'variadic';

export interface RoutineArgument {
  readonly mode: ArgumentMode;
  readonly type: string;
  readonly name?: string;
  readonly default?: string;
}

/** What both kinds have; a procedure has nothing else. */
export interface RoutineAttributes {
  readonly arguments: readonly RoutineArgument[];
  readonly language: string;
  /** The text as written; of the standard form, what pg_get_function_sqlbody prints; of language c, the symbol. */
  readonly body: string;
  /** `standard` is `BEGIN ATOMIC …` or `RETURN …`, which PostgreSQL parses when the routine is made. */
  readonly bodyForm: 'text' | 'standard';
  /** The object file, for language c. */
  readonly library?: string;
  readonly securityDefiner: boolean;
  /** Settings while it runs, as the catalog keeps them. */
  readonly settings: { readonly [name: string]: string };
  /** Types that a TRANSFORM turns for the language. */
  readonly transforms: readonly string[];
}

export type Routine = SchemaObject<string, RoutineAttributes>;

/** The types that a call is resolved by: OUT arguments are not among them (pg_proc.proargtypes). */
export function inputTypes(given: readonly RoutineArgument[]): readonly string[] {
  return given.filter(takesValue).map(({ type }) => type);
}

export function takesValue({ mode }: RoutineArgument): boolean {
  return mode !== 'out';
}

/** The name without the argument types. */
export function routineName(routine: Pick<SchemaObject, 'path'>): string {
  const part = routine.path[1] ?? '';
  return signatureName(part) ?? part;
}

/**
 * Whether CREATE OR REPLACE takes the new arguments for the old ones: modes, types and what comes out
 * stay, an input keeps its name once it has one, a default may come but not go (42P13 otherwise).
 */
export function keepsArguments(before: Routine, after: Routine): boolean {
  const [old, now] = [before.attributes.arguments, after.attributes.arguments];
  return (
    old.length === now.length &&
    old.every((argument, place) => {
      const other = now[place];
      if (other === undefined || other.mode !== argument.mode || other.type !== argument.type) return false;
      const isInput = argument.mode === 'in' || argument.mode === 'variadic';
      if (other.name !== argument.name && !(isInput && argument.name === undefined)) return false;
      return argument.default === undefined || other.default !== undefined;
    })
  );
}

/** The first of the attributes that differ, so that one statement is written for all of them. */
export function firstDifference(before: SchemaObject, after: SchemaObject): string | undefined {
  const [left, right] = [before.attributes, after.attributes] as readonly Readonly<Record<string, unknown>>[];
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])].sort();
  return names.find((name) => !sameJson(left?.[name], right?.[name]));
}
