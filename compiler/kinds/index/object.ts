/** An index that is no constraint's, as an object: `index public.digests_user_recent`. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';
import type { StorageParameters } from '../attribute-types.ts';
import type { IndexRoles } from '../replica-identity.ts';

export interface IndexKey {
  /** A column's name as SQL, or an expression in parentheses. */
  readonly text: string;
  /** Set where it is not the column's own. */
  readonly collation?: string;
  /** Operator class with its options, where it is not the type's default. */
  readonly operatorClass?: string;
  readonly order: 'ascending' | 'descending';
  readonly nulls: 'first' | 'last';
}

export interface IndexAttributes extends IndexRoles {
  /** The table or materialized view. */
  readonly on: Address;
  readonly method: string;
  readonly unique: boolean;
  /** PostgreSQL 15 and later. */
  readonly nullsNotDistinct: boolean;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  /** A partial index's predicate. */
  readonly where?: string;
  readonly storageParameters: StorageParameters;
  /** Where it is not the database's own. */
  readonly tablespace?: string;
  /** Statistics targets by the key's number from 1, for expressions. */
  readonly statistics?: { readonly [key: string]: number };
  /** Present where it is not: what a stopped CREATE INDEX CONCURRENTLY leaves serves no query. */
  readonly valid?: false;
}
export type Index = SchemaObject<'index', IndexAttributes>;
