/** Reads composite types from pg_type (manual §52.64): those that stand alone, not the row types of tables and views. */
import { address } from '../../model/address.ts';
import { notOfExtension, numberOf, ourSchema, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Composite } from './object.ts';

export const introspectComposites: Introspection<Composite> = {
  entries: { catalog: 'pg_class', where: `relkind = 'c'` },
  query: () => `
    SELECT t.oid::int8 AS oid, t.typarray::int8 AS array, c.oid::int8 AS relation, n.nspname AS schema, t.typname AS name,
      (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS names
    FROM pg_type t
    JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'c' AND ${ourSchema} AND ${notOfExtension('pg_type', 't.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    return {
      object: { kind: 'composite', id: address('composite', ...path), path, attributes: { order: textsOf(row, 'names') } },
      identities: [
        { catalog: 'pg_type', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'array') },
        { catalog: 'pg_class', oid: numberOf(row, 'relation') },
      ],
    };
  },
};
