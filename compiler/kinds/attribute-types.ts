/**
 * Types of attributes that several kinds have in common, since kinds never import each other.
 */

/** Numbers are texts: they go up to 2^63 - 1. */
export interface SequenceOptions {
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
}

export type Deferral = 'not deferrable' | 'deferrable' | 'initially deferred';

/** Values as PostgreSQL keeps them in reloptions: text. */
export type StorageParameters = { readonly [name: string]: string };

/** What primary keys and unique constraints share. */
export interface KeyAttributes {
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly deferral: Deferral;
  readonly storageParameters: StorageParameters;
}
