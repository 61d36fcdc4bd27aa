/** Reads tables, plain and partitioned, from pg_class (manual §52.11). Partitions are a kind of their own. */
import { address } from '../../model/address.ts';
import { flagOf, numberOf, optional, optionalText, ourRelation, storageParametersOf, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Table } from './object.ts';

export const introspectTables: Introspection<Table> = {
  query: (context) => `
    SELECT c.oid::int8 AS oid, c.reltype::int8 AS row_type, n.nspname AS schema, c.relname AS name,
      c.relpersistence::text AS persistence, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key,
      to_json(c.reloptions) AS options, c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT c.relispartition AND ${ourRelation(context, `'r', 'p'`)}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    return {
      object: {
        kind: 'table',
        id: address('table', ...path),
        path,
        attributes: {
          persistence: textOf(row, 'persistence') === 'u' ? 'unlogged' : 'permanent',
          ...optional('partitionBy', optionalText(row, 'key')),
          storageParameters: storageParametersOf(row, 'options'),
          rowSecurity: flagOf(row, 'forced') ? 'forced' : flagOf(row, 'row_security') ? 'on' : 'off',
        },
      },
      identities: [
        { catalog: 'pg_class', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'row_type') },
      ],
    };
  },
};
