/**
 * Reads sequences from pg_sequence (manual §52.47). Those of identity columns (pg_depend, deptype i)
 * belong to their column. The owner's address is made of names: sequences are read before columns.
 */
import { address } from '../../model/address.ts';
import { flagOf, notOfExtension, numberOf, optional, optionalText, ourSchema, textOf } from '../catalog.ts';
import type { CatalogRow, Introspection } from '../contract.ts';
import type { Sequence } from './object.ts';

function owner(row: CatalogRow): string | undefined {
  const path = [optionalText(row, 'owner_schema'), optionalText(row, 'owner_table'), optionalText(row, 'owner_column')];
  return path.every((part) => part !== undefined) ? address('column', ...path) : undefined;
}

export const introspectSequences: Introspection<Sequence> = {
  entries: { catalog: 'pg_class', where: `relkind = 'S'` },
  query: () => `
    SELECT c.oid::int8 AS oid, c.relpersistence::text AS persistence, c.reltype::int8 AS row_type, n.nspname AS schema, c.relname AS name, format_type(s.seqtypid, NULL) AS type,
      s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
      s.seqcache::text AS cache, s.seqcycle AS cycle, tn.nspname AS owner_schema, t.relname AS owner_table, a.attname AS owner_column
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
      AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.deptype IS DISTINCT FROM 'i' AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const ownedBy = owner(row);
    return {
      object: {
        kind: 'sequence',
        id: address('sequence', ...path),
        path,
        ...optional('partOf', ownedBy),
        attributes: {
          type: textOf(row, 'type'),
          ...(textOf(row, 'persistence') === 'u' ? { persistence: 'unlogged' as const } : {}),
          start: textOf(row, 'start'),
          increment: textOf(row, 'increment'),
          minimum: textOf(row, 'minimum'),
          maximum: textOf(row, 'maximum'),
          cache: textOf(row, 'cache'),
          cycle: flagOf(row, 'cycle'),
          ...optional('ownedBy', ownedBy),
        },
      },
      identities: [
        { catalog: 'pg_class', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'row_type') },
      ],
    };
  },
};
