/**
 * The words for functions and procedures: their arguments, what they return, their body. A function
 * that returns `trigger` has a type of its own, since a trigger takes no other.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { AnyColumn, ColumnMap, Suppress } from './column.ts';
import type { Access } from './privileges.ts';
import type { Sql } from './sql.ts';
import type { SchemaDeclaration } from './words.ts';

/** An argument with a mode other than `in`. */
export interface ArgumentWithMode extends Declaration<'argument'> {
  readonly mode: 'out' | 'inout' | 'variadic';
  readonly type: AnyColumn;
}

/** What stands for an argument: a column word for its type, of whose options `default` alone counts. */
export type ArgumentInput = AnyColumn | ArgumentWithMode;

/** Arguments by name, in their order; in a list where they have no names. */
export type ArgumentsInput = { readonly [name: string]: ArgumentInput } | readonly ArgumentInput[];

/** An argument that is given back: `out(integer())`. */
export function out(type: AnyColumn): ArgumentWithMode {
  return declaration('argument', { mode: 'out', type } as const, out);
}

/** An argument that is taken and given back: `inout(integer())`. */
export function inout(type: AnyColumn): ArgumentWithMode {
  return declaration('argument', { mode: 'inout', type } as const, inout);
}

/** The last argument, which takes any number of values: `variadic(arrayOf(text()))`. */
export function variadic(type: AnyColumn): ArgumentWithMode {
  return declaration('argument', { mode: 'variadic', type } as const, variadic);
}

/** Many rows of one type: `setOf(integer())`, `setOf(rowOf(users))`. */
export interface SetOf extends Declaration<'set of'> {
  readonly of: AnyColumn;
}
export function setOf(type: AnyColumn): SetOf {
  return declaration('set of', { of: type }, setOf);
}

/** Many rows of columns that are named here: `returnsTable({ id: bigint(), total: numeric() })`. */
export interface ReturnsTable extends Declaration<'returns table'> {
  readonly columns: ColumnMap;
}
export function returnsTable(columns: ColumnMap): ReturnsTable {
  return declaration('returns table', { columns }, returnsTable);
}

/**
 * The row type of a table or view, as an argument or a result: `rowOf(() => users)`. A function gives
 * the table where it is declared later.
 */
export function rowOf(relation: RelationDeclaration | (() => RelationDeclaration)): AnyColumn {
  return declaration('column', { type: { form: 'row', of: relation } as const, options: {} }, rowOf);
}
type RelationDeclaration = Declaration<'table'> | Declaration<'view'> | Declaration<'materialized view'>;

/** What a function returns. With arguments that are given back it may be left out. */
export type ReturnsInput = AnyColumn | SetOf | ReturnsTable | 'trigger' | 'event_trigger' | 'void' | 'record';

/** What functions and procedures may say. */
interface RoutineDefinition extends Access<'execute'> {
  readonly doc?: string;
  readonly schema?: string | SchemaDeclaration;
  readonly args?: ArgumentsInput;
  readonly language: 'sql' | 'plpgsql' | 'c' | 'internal' | (string & {});
  /**
   * The body exactly as it is kept: sql`…`, in which declared things may be interpolated, or a text. In
   * language sql it may be of the standard form, sql`BEGIN ATOMIC … END` or sql`RETURN …`.
   */
  readonly body: Sql | string;
  /** The object file, for language c; the body is the symbol in it. */
  readonly library?: string;
  /** With whose rights it runs: `invoker` where absent. */
  readonly security?: 'invoker' | 'definer';
  /** Settings while it runs: `{ search_path: ['public', 'pg_temp'] }`. */
  readonly settings?: { readonly [name: string]: string | number | boolean | readonly string[] };
  readonly transforms?: readonly AnyColumn[];
  /** A former name, for the same argument types. */
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}

export interface FunctionDefinition<Returns extends ReturnsInput | undefined = ReturnsInput | undefined> extends RoutineDefinition {
  readonly returns?: Returns;
  /** `volatile` where absent. */
  readonly volatility?: 'immutable' | 'stable' | 'volatile';
  /** Whether it gives NULL, and is not run, when an argument is NULL. */
  readonly strict?: boolean;
  readonly leakproof?: boolean;
  /** `unsafe` where absent. */
  readonly parallel?: 'safe' | 'restricted' | 'unsafe';
  readonly cost?: number;
  readonly rows?: number;
  /** The planner support function, such as `public.my_support`. */
  readonly support?: Sql;
  readonly window?: boolean;
}
export interface FunctionDeclaration<Returns extends ReturnsInput | undefined = ReturnsInput | undefined> extends Declaration<'function'> {
  readonly name: string;
  readonly definition: FunctionDefinition<Returns>;
}
/** A function: `func('total', { args: { amount: numeric() }, returns: numeric(), language: 'sql', body: sql`SELECT …`, doc: '…' })`. */
export function func<const Returns extends ReturnsInput | undefined = undefined>(
  name: string,
  definition: FunctionDefinition<Returns>,
): FunctionDeclaration<Returns> {
  return declaration('function', { name, definition }, func);
}

export type ProcedureDefinition = RoutineDefinition;
export interface ProcedureDeclaration extends Declaration<'procedure'> {
  readonly name: string;
  readonly definition: ProcedureDefinition;
}
/** A procedure: `procedure('archive', { args: { until: date() }, language: 'plpgsql', body: sql`BEGIN … END`, doc: '…' })`. */
export function procedure(name: string, definition: ProcedureDefinition): ProcedureDeclaration {
  return declaration('procedure', { name, definition }, procedure);
}
