/**
 * How a table is partitioned: by time ranges that a rule makes and retires, or into declared children
 * by range, list or hash, which may be partitioned again.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { ChainRule, ListRule } from './partition-bounds.ts';
import type { CountRule, ForeignRule, RangeRule, TimeRule } from './partition-rules.ts';
import type { Literal, Sql } from './sql.ts';

export type { CountRule, ForeignRule, RangeRule, Snowflake, TimeRule } from './partition-rules.ts';

export type StorageInput = { readonly [parameter: string]: string | number | boolean };

/** A value in a partition's bound. */
export type BoundValue = Literal | Sql | number | bigint | boolean;

interface ChildNotes {
  readonly doc?: string;
  readonly schema?: string | (Declaration & { readonly name: string });
  readonly renamedFrom?: string;
  readonly storageParameters?: StorageInput;
  readonly partitionBy?: PartitionInput;
}
export interface RangeChild extends ChildNotes {
  /** The lower bound, in it: one value a column, or `minvalue`. */
  readonly from: 'minvalue' | BoundValue | readonly ('minvalue' | BoundValue)[];
  /** The upper bound, not in it: one value a column, or `maxvalue`. */
  readonly to: 'maxvalue' | BoundValue | readonly ('maxvalue' | BoundValue)[];
}
export interface ListChild extends ChildNotes {
  /** A text is a value here, never SQL. */
  readonly values: readonly (string | null | BoundValue)[];
}
export interface HashChild extends ChildNotes {
  readonly remainder: number;
}
/** The partition for rows that no other takes. */
export interface DefaultChild extends ChildNotes {
  readonly default: true;
}

/** How a table or a partition is partitioned; `Names` are the columns that every unique key must contain. */
export interface PartitionInput<Names extends string = string> extends Declaration<'partition by'> {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly keys: readonly (Names | Sql)[];
  readonly rule?: RangeRule;
  readonly modulus?: number;
  readonly children: { readonly [name: string]: RangeChild | ListChild | HashChild | DefaultChild };
  /** Rows that no declared partition takes are refused, and that is meant. */
  readonly gaps?: true;
}

/** By values or by hash: what the partitions of a rule can be partitioned by again. */
interface PartedInput<Names extends string> extends PartitionInput<Names> {
  readonly strategy: 'list' | 'hash';
  readonly rule?: never;
}

/** By all remainders of a modulus, without names: for partitions that a rule makes. */
interface AllRemainders<Names extends string> extends Declaration<'partition by'> {
  readonly strategy: 'hash';
  readonly keys: readonly (Names | Sql)[];
  readonly modulus: number;
}

/** How each partition that a rule makes is partitioned again. */
export type PartedAgain<Names extends string = string> = PartedInput<Names> | AllRemainders<Names>;

type Keys<Name extends string> = Name | Sql | readonly (Name | Sql)[];
const keyList = <Name extends string>(keys: Keys<Name>): readonly (Name | Sql)[] =>
  Array.isArray(keys) ? (keys as readonly (Name | Sql)[]) : [keys as Name | Sql];

/**
 * By ranges: `range('created_at', { every: '1 month', retain: '13 months' })` for partitions that a
 * rule makes and retires (`key: 'uuidv7'` where the column is an id, `every: 10_000_000` where it is a
 * number), `range('year', { children: { … } })` for declared ones.
 */
export function range<
  const Name extends string,
  const Every extends string = string,
  const Retain extends string = string,
  const Within extends string = never,
  const Children extends RangeChildren = RangeChildren,
  const Gaps extends boolean = false,
>(
  keys: Keys<Name>,
  by: TimeRule<Every, Retain, Within> | CountRule<Within> | ForeignRule | DeclaredRanges<Children, Gaps>,
): PartitionInput<Name | Within> {
  const { children, gaps, ...rule } = by as { readonly children?: RangeChildren; readonly gaps?: boolean };
  const common = { strategy: 'range' as const, keys: keyList(keys), children: children ?? {}, ...(gaps === true ? { gaps } : {}) };
  return declaration('partition by', Object.keys(rule).length === 0 ? common : { ...common, rule: rule as RangeRule }, range);
}

type RangeChildren = { readonly [name: string]: RangeChild | DefaultChild };
interface DeclaredRanges<Children extends RangeChildren, Gaps extends boolean> {
  readonly children: Children & ([Gaps] extends [true] ? unknown : ChainRule<NoInfer<Children>>);
  /** Rows between the ranges are refused, and that is meant. */
  readonly gaps?: Gaps;
  readonly every?: never;
  readonly managedBy?: never;
}

/** By lists of values: `list('region', { children: { accounts_eu: { values: ['eu'] } } })`. */
export function list<const Name extends string, const Children extends { readonly [name: string]: ListChild | DefaultChild }>(
  keys: Name | Sql,
  { children, gaps }: { readonly children: Children & ListRule<NoInfer<Children>>; readonly gaps?: true },
): PartedInput<Name> {
  const common = { strategy: 'list' as const, keys: keyList(keys), children: children as Children };
  return declaration('partition by', gaps === undefined ? common : { ...common, gaps }, list);
}

/**
 * By hash: `hash('id', { modulus: 4, children: { events_0: { remainder: 0 }, … } })`. All remainders
 * must be there, or some rows have no place. Under a rule, `within: hash('id', { modulus: 4 })` makes them.
 */
export function hash<const Name extends string>(keys: Keys<Name>, by: { readonly modulus: number }): AllRemainders<Name>;
export function hash<const Name extends string>(
  keys: Keys<Name>,
  by: { readonly modulus: number; readonly children: { readonly [name: string]: HashChild } },
): PartedInput<Name>;
export function hash<const Name extends string>(
  keys: Keys<Name>,
  { modulus, children = {} }: { readonly modulus: number; readonly children?: { readonly [name: string]: HashChild } },
): PartedAgain<Name> {
  return declaration('partition by', { strategy: 'hash' as const, keys: keyList(keys), modulus, children }, hash);
}
