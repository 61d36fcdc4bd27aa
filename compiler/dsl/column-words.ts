/**
 * The words for columns, one for each SQL type: `text({ doc: '…' })`. A word knows the TypeScript type
 * that node-postgres returns with its default parsers; modifiers (length, precision) are options.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type {
  AnyColumn,
  Column,
  ColumnOptions,
  DefaultInput,
  GeneratedInput,
  IdentityInput,
  InsertRule,
  NamedColumn,
  ValueOf,
} from './column.ts';

/** The value of a JSON column whose shape nobody declared. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** What node-postgres makes of an interval: only the fields that are not zero, and `toPostgres`. */
export interface IntervalValue {
  readonly years?: number;
  readonly months?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** What node-postgres makes of a point. */
export interface PointValue {
  readonly x: number;
  readonly y: number;
}

interface Word<Value, More = unknown> {
  <
    Nullable extends boolean = false,
    Default extends DefaultInput | undefined = undefined,
    Generated extends GeneratedInput | undefined = undefined,
  >(
    options?: ColumnOptions<Nullable, Default, Generated> & More,
  ): Column<Value, Nullable, InsertRule<Nullable, Default, Generated, undefined>>;
}

interface IntegerWord<Value> {
  <
    Nullable extends boolean = false,
    Default extends DefaultInput | undefined = undefined,
    Generated extends GeneratedInput | undefined = undefined,
    const Identity extends IdentityInput | undefined = undefined,
  >(
    options?: ColumnOptions<Nullable, Default, Generated> & { readonly identity?: Identity },
  ): Column<Value, Nullable, InsertRule<Nullable, Default, Generated, Identity>>;
}

/**
 * The signatures of words whose value type is written out, `jsonb<Settings>({ nullable: true })`: the
 * other type parameters cannot be inferred then, so each combination has a signature of its own.
 */
interface WrittenWord<Fallback> {
  <Value = Fallback>(options?: ColumnOptions<false, undefined, undefined>): Column<Value, false, 'required'>;
  <Value = Fallback>(options: ColumnOptions<true, undefined, undefined> & IsNullable): Column<Value, true, 'optional'>;
  <Value = Fallback>(options: ColumnOptions<false, DefaultInput, undefined>): Column<Value, false, 'optional'>;
  <Value = Fallback>(options: ColumnOptions<true, DefaultInput, undefined> & IsNullable): Column<Value, true, 'optional'>;
  <Value = Fallback>(options: ColumnOptions<false, undefined, GeneratedInput>): Column<Value, false, 'never'>;
  <Value = Fallback>(options: ColumnOptions<true, undefined, GeneratedInput> & IsNullable): Column<Value, true, 'never'>;
}
type IsNullable = { readonly nullable: true };

type AnyWord = (options?: object) => AnyColumn;

/** Makes a word for a type whose name the options complete. */
function word(typeText: (options: { readonly [name: string]: unknown }) => string): AnyWord {
  const make: AnyWord = (options = {}) =>
    declaration('column', { type: { form: 'named', text: typeText(options as never) } as const, options }, make);
  return make;
}

const plain = (text: string): AnyWord => word(() => text);
const sized = (text: string, rest = ''): AnyWord =>
  word((options) => {
    const size = [options['length'] ?? options['precision'], options['scale']].filter((part) => typeof part === 'number');
    return size.length === 0 ? `${text}${rest}` : `${text}(${size.join(', ')})${rest}`;
  });

type Length = { readonly length?: number };
type Precision = { readonly precision?: number };

export const smallint = plain('smallint') as IntegerWord<number>;
export const integer = plain('integer') as IntegerWord<number>;
/** A string in TypeScript: it does not fit a number. */
export const bigint = plain('bigint') as IntegerWord<string>;
/** A string in TypeScript: it does not fit a number. */
export const numeric = sized('numeric') as Word<string, Precision & { readonly scale?: number }>;
export const real = plain('real') as Word<number>;
export const doublePrecision = plain('double precision') as Word<number>;
export const money = plain('money') as Word<string>;
export const text = plain('text') as Word<string>;
export const varchar = sized('character varying') as Word<string, Length>;
export const char = sized('character') as Word<string, Length>;
/** Needs `extension('citext')`. */
export const citext = plain('citext') as Word<string>;
export const boolean = plain('boolean') as Word<boolean>;
export const uuid = plain('uuid') as Word<string>;
export const timestamptz = sized('timestamp', ' with time zone') as Word<Date, Precision>;
export const timestamp = sized('timestamp', ' without time zone') as Word<Date, Precision>;
/** A Date at midnight of the process's own time zone. */
export const date = plain('date') as Word<Date>;
export const time = sized('time', ' without time zone') as Word<string, Precision>;
export const timetz = sized('time', ' with time zone') as Word<string, Precision>;
export const interval = sized('interval') as Word<IntervalValue, Precision>;
export const json = plain('json') as WrittenWord<JsonValue>;
export const jsonb = plain('jsonb') as WrittenWord<JsonValue>;
/** A Buffer, which is a Uint8Array. */
export const bytea = plain('bytea') as Word<Uint8Array>;
export const bit = sized('bit') as Word<string, Length>;
export const varbit = sized('bit varying') as Word<string, Length>;
export const inet = plain('inet') as Word<string>;
export const cidr = plain('cidr') as Word<string>;
export const macaddr = plain('macaddr') as Word<string>;
export const point = plain('point') as Word<PointValue>;
export const xml = plain('xml') as Word<string>;
export const tsvector = plain('tsvector') as Word<string>;
export const tsquery = plain('tsquery') as Word<string>;
export const int4range = plain('int4range') as Word<string>;
export const int8range = plain('int8range') as Word<string>;
export const numrange = plain('numrange') as Word<string>;
export const daterange = plain('daterange') as Word<string>;
export const tsrange = plain('tsrange') as Word<string>;
export const tstzrange = plain('tstzrange') as Word<string>;

/** A type that was declared with a value type: an enum or a domain. */
export interface DeclaredType<Value, Word extends string = string> extends Declaration<Word> {
  readonly name: string;
  readonly holds?: Value;
}

/** A column of a declared enum or domain: `ofType(sendStatus, { doc: '…', default: literal('queued') })`. */
export function ofType<
  Value,
  Nullable extends boolean = false,
  Default extends DefaultInput | undefined = undefined,
  Generated extends GeneratedInput | undefined = undefined,
>(
  type: DeclaredType<Value>,
  options: ColumnOptions<Nullable, Default, Generated> = {},
): Column<Value, Nullable, InsertRule<Nullable, Default, Generated, undefined>> {
  return declaration('column', { type: { form: 'declared', of: type } as const, options }, ofType);
}

/**
 * A column of any type by its SQL name, where there is no word: `const location = customType('geometry(Point, 4326)')`, then `location({ doc: '…' })`.
 * Without a value type it holds what node-postgres gives for a type that it does not know: a string.
 */
export function customType(type: string): WrittenWord<string> {
  return plain(type);
}

/** An array of what another column word holds: `arrayOf(text(), { doc: '…' })`. Its own options count, the element's do not. */
export function arrayOf<
  Element extends AnyColumn,
  Nullable extends boolean = false,
  Default extends DefaultInput | undefined = undefined,
  Generated extends GeneratedInput | undefined = undefined,
>(
  element: Element,
  options: ColumnOptions<Nullable, Default, Generated> = {},
): Column<ValueOf<Element>[], Nullable, InsertRule<Nullable, Default, Generated, undefined>> {
  return declaration('column', { type: { form: 'array', of: element.type } as const, options }, arrayOf);
}

/** A column in a list, for a name that an object's key would put out of order: `column('2024', integer())`. */
export function column<const Name extends string, Held extends AnyColumn>(name: Name, held: Held): NamedColumn<Name, Held> {
  return declaration('named column', { name, column: held }, column);
}
