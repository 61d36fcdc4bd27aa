/** Reads enumerated types from pg_type and pg_enum (manual §52.20). */
import { address } from '../../model/address.ts';
import { notOfExtension, numberOf, ourSchema, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Enum } from './object.ts';

export const introspectEnums: Introspection<Enum> = {
  entries: { catalog: 'pg_type', where: `typtype = 'e'` },
  query: () => `
    SELECT t.oid::int8 AS oid, t.typarray::int8 AS array, n.nspname AS schema, t.typname AS name,
      (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND ${ourSchema} AND ${notOfExtension('pg_type', 't.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    return {
      object: { kind: 'enum', id: address('enum', ...path), path, attributes: { values: textsOf(row, 'labels') } },
      identities: [
        { catalog: 'pg_type', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'array') },
      ],
    };
  },
};
