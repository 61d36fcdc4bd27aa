/**
 * What the editor refuses of the bounds of declared partitions: a value in two lists, ranges that do not
 * follow on each other. Only of values that are written out; the rest is refused when the schema is loaded.
 */

/** A rule that does not hold: no value has this property, so the message is the property's name. */
type BrokenRule<Message extends string> = { readonly [Property in Message]: never };

type Values<Child> = Child extends { readonly values: readonly (infer Value)[] } ? Value : never;
/** A value that is known while typing; `string` and `number` are none. */
type Known<Value> = Value extends string
  ? string extends Value
    ? never
    : Value
  : Value extends number
    ? number extends Value
      ? never
      : Value
    : never;
type InOthers<Children, Name extends keyof Children> = Extract<
  Known<Values<Children[Name]>>,
  { readonly [Other in Exclude<keyof Children, Name>]: Known<Values<Children[Other]>> }[Exclude<keyof Children, Name>]
>;

type InTwo<Children> = { readonly [Name in keyof Children]: InOthers<Children, Name> }[keyof Children];

/** The rule that no value is in two lists. */
export type ListRule<Children> = [InTwo<Children>] extends [never]
  ? unknown
  : BrokenRule<`schemac: the value ${InTwo<Children>} is in two partitions`>;

type From<Child> = Child extends { readonly from: infer Value } ? Value : never;
type To<Child> = Child extends { readonly to: infer Value } ? Value : never;
type IsNumbers<Value> = [Value] extends [number | 'minvalue' | 'maxvalue'] ? (number extends Value ? false : true) : false;
type IsMany<Value, Each = Value> = [Value] extends [never] ? false : Value extends Each ? ([Each] extends [Value] ? false : true) : never;

/**
 * The rule that ranges of numbers follow on each other: all but one of them begin where another ends.
 * Where that does not hold, two overlap or there is a gap between two.
 */
export type ChainRule<Children> =
  IsNumbers<From<Children[keyof Children]> | To<Children[keyof Children]>> extends true
    ? Children[keyof Children] extends { readonly from: unknown }
      ? true extends IsMany<Exclude<From<Children[keyof Children]>, To<Children[keyof Children]>>>
        ? BrokenRule<'schemac: each range must begin where another ends; gaps: true says that rows in between are to be refused'>
        : unknown
      : unknown
    : unknown;
