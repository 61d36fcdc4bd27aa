/**
 * Types of attributes that several kinds have in common, since kinds never import each other.
 */

import type { IndexRoles } from './replica-identity.ts';

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
export interface KeyAttributes extends IndexRoles {
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly deferral: Deferral;
  readonly storageParameters: StorageParameters;
  /** Of its index, where it is not the database's own. */
  readonly tablespace?: string;
  /** Whether the last column is a period that must not overlap: WITHOUT OVERLAPS, PostgreSQL 18 and later. */
  readonly period?: true;
}
