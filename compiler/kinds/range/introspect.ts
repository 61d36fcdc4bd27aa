/** Reads range types from pg_range (manual §52.43). */
import { address } from '../../model/address.ts';
import { notOfExtension, numberOf, optional, optionalText, ourSchema, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Range } from './object.ts';

export const introspectRanges: Introspection<Range> = {
  entries: { catalog: 'pg_type', where: `typtype = 'r'` },
  query: () => `
    SELECT t.oid::int8 AS oid, t.typarray::int8 AS array,
      n.nspname AS schema, t.typname AS name,
      format_type(r.rngsubtype, NULL) AS subtype,
      CASE WHEN NOT o.opcdefault THEN CASE WHEN o.opcnamespace = 'pg_catalog'::regnamespace THEN '' ELSE o.opcnamespace::regnamespace::text || '.' END
        || quote_ident(o.opcname) END AS operator_class,
      CASE WHEN r.rngcollation <> sub.typcollation THEN r.rngcollation::regcollation::text END AS collation,
      CASE WHEN r.rngcanonical::oid <> 0 THEN r.rngcanonical::text END AS canonical,
      CASE WHEN r.rngsubdiff::oid <> 0 THEN r.rngsubdiff::text END AS subtype_diff
    FROM pg_range r
    JOIN pg_type t ON t.oid = r.rngtypid
    JOIN pg_type sub ON sub.oid = r.rngsubtype
    JOIN pg_opclass o ON o.oid = r.rngsubopc
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_type', 't.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    return {
      object: {
        kind: 'range',
        id: address('range', ...path),
        path,
        attributes: {
          subtype: textOf(row, 'subtype'),
          ...optional('operatorClass', optionalText(row, 'operator_class')),
          ...optional('collation', optionalText(row, 'collation')),
          ...optional('canonical', optionalText(row, 'canonical')),
          ...optional('subtypeDiff', optionalText(row, 'subtype_diff')),
        },
      },
      identities: ['oid', 'array'].map((column) => ({
        catalog: 'pg_type',
        oid: numberOf(row, column),
      })),
    };
  },
};
