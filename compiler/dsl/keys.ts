/**
 * What stands in the key of an index or an exclusion: a column's name, or a column or expression with
 * an order, an operator class or a collation.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { Sql } from './sql.ts';

export interface KeyOptions {
  readonly order?: 'ascending' | 'descending';
  /** Last in ascending order and first in descending, unless said. */
  readonly nulls?: 'first' | 'last';
  /** With its options where it has any: `gin_trgm_ops`, `gist_trgm_ops(siglen=32)`. */
  readonly operatorClass?: string;
  readonly collation?: string;
}

export interface IndexKeyInput<Name extends string = string> extends Declaration<'key'> {
  readonly of: Name | Sql;
  readonly options: KeyOptions;
}

/** A column's name, an expression, or either with options. */
export type KeyInput<Name extends string = string> = Name | Sql | IndexKeyInput<Name>;

/** A key with options: `key('email', { operatorClass: 'text_pattern_ops' })`. */
export function key<const Name extends string>(of: Name | Sql, options: KeyOptions = {}): IndexKeyInput<Name> {
  return declaration('key', { of, options }, key);
}

/** A key in descending order, NULLs first unless said. */
export function desc<const Name extends string>(of: Name | Sql, options: Omit<KeyOptions, 'order'> = {}): IndexKeyInput<Name> {
  return declaration('key', { of, options: { ...options, order: 'descending' } as const }, desc);
}

/** A key in ascending order: what a bare name means, for the options that it cannot carry. */
export function asc<const Name extends string>(of: Name | Sql, options: Omit<KeyOptions, 'order'> = {}): IndexKeyInput<Name> {
  return declaration('key', { of, options: { ...options, order: 'ascending' } as const }, asc);
}
