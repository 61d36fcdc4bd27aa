/**
 * The sql`` value: SQL text with names in it that are quoted by us and remembered as dependencies.
 * A string never becomes SQL by being interpolated: `literal()` makes it a value, `name()` a name.
 * What the parts mean is worked out when loading, so that a part may stand for a later declaration.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';

/** What may stand between `${` and `}`: a declaration, a name, a value, or a function that gives one. */
export type SqlPart = Declaration | number | bigint | boolean | (() => Declaration);

/** A piece of SQL. */
export interface Sql extends Declaration<'sql'> {
  readonly strings: readonly string[];
  readonly parts: readonly SqlPart[];
}

/** A value as an SQL literal, for example a text: `literal('queued')`. */
export interface Literal extends Declaration<'literal'> {
  readonly value: string | number | bigint | boolean | null;
}

/** A name that is quoted where it must be. */
export interface Name extends Declaration<'name'> {
  readonly path: readonly string[];
}

/**
 * SQL text: sql`now()`, sql`${name('weird column')} > 0`, sql`SELECT * FROM ${users}`.
 * A table stands for its qualified name, a column for its own name, an enum or domain for its type.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly SqlPart[]): Sql {
  return declaration('sql', { strings: [...strings], parts }, sql);
}

/** A value in SQL: text is quoted and escaped, numbers and booleans are written as they are. */
export function literal(value: string | number | bigint | boolean | null): Literal {
  return declaration('literal', { value }, literal);
}

/** A name in SQL, from the outside in: `name('order')`, `name('billing', 'invoice')`. */
export function name(...path: readonly [string, ...string[]]): Name {
  return declaration('name', { path }, name);
}
