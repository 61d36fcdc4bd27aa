/**
 * All that the compiler knows of multirange types (manual §8.17): each is made and dropped by the
 * statement that makes or drops its range type, and renamed by itself where only its name differs.
 */
import { address } from '../../model/address.ts';
import { notOfExtension, numberOf, ourSchema, textOf } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { renameObject } from '../rename.ts';
import type { Multirange } from './object.ts';

export const multirangeKind: Kind<Multirange> = {
  kind: 'multirange',
  introspect: {
    entries: { catalog: 'pg_type', where: `typtype = 'm'` },
    query: () => `
      SELECT t.oid::int8 AS oid, t.typarray::int8 AS array, r.rngtypid::int8 AS range, n.nspname AS schema, t.typname AS name
      FROM pg_range r
      JOIN pg_type t ON t.oid = r.rngmultitypid
      JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE ${ourSchema} AND ${notOfExtension('pg_type', 'r.rngtypid')}`,
    read: (row, context) => {
      const path = [textOf(row, 'schema'), textOf(row, 'name')];
      const partOf = context.resolve({ catalog: 'pg_type', oid: numberOf(row, 'range') });
      if (partOf === undefined) return undefined;
      return {
        object: { kind: 'multirange', id: address('multirange', ...path), path, attributes: {}, partOf },
        identities: ['oid', 'array'].map((column) => ({ catalog: 'pg_type', oid: numberOf(row, column) })),
      };
    },
  },
  create: () => [],
  drop: () => [],
  alter: {},
  rename: renameObject('TYPE', 'no relation'),
  namesFollow: true,
  author: { writes: 'member', of: ({ partOf = '' }) => ({ node: 'declared', id: partOf, member: 'multirange' }) },
  describe: () => [],
};
