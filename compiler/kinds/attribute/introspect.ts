/** Reads the attributes of composite types from pg_attribute (manual §52.7), numbered without the dropped ones. */
import { address } from '../../model/address.ts';
import { notOfExtension, numberOf, optional, optionalText, ourSchema, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Attribute } from './object.ts';

export const introspectAttributes: Introspection<Attribute> = {
  entries: { catalog: 'pg_class', where: `relkind = 'c'` },
  query: () => `
    SELECT a.attrelid::int8 AS relation, a.attnum::int AS number, n.nspname AS schema, c.relname AS "of", a.attname AS name,
      row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum)::int AS position,
      format_type(a.atttypid, a.atttypmod) AS type,
      CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'c'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND ${ourSchema} AND ${notOfExtension('pg_type', 'c.reltype')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'of'), textOf(row, 'name')];
    return {
      object: {
        kind: 'attribute',
        id: address('attribute', ...path),
        path,
        partOf: address('composite', ...path.slice(0, 2)),
        attributes: { type: textOf(row, 'type'), ...optional('collation', optionalText(row, 'collation')) },
        facts: { position: numberOf(row, 'position') },
      },
      identities: [{ catalog: 'pg_class', oid: numberOf(row, 'relation'), sub: numberOf(row, 'number') }],
    };
  },
};
