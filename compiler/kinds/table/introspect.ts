/** Reads tables, plain and partitioned, from pg_class (manual §52.11). Partitions are a kind of their own. */
import { address } from '../../model/address.ts';
import { flagOf, numberOf, optional, optionalText, ourRelation, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import { readRelationSettings, readStorageParameters, relationSettings } from '../relation-settings.ts';
import { tableReplicaIdentity } from '../replica-identity.ts';
import type { Table } from './object.ts';

/** A parent may be a foreign table or one that an extension owns; it is named all the same. */
const parents = `(SELECT json_agg(json_build_array(un.nspname, u.relname) ORDER BY up.inhseqno)
  FROM pg_inherits up JOIN pg_class u ON u.oid = up.inhparent JOIN pg_namespace un ON un.oid = u.relnamespace WHERE up.inhrelid = c.oid)`;

export const introspectTables: Introspection<Table> = {
  query: (context) => `
    SELECT c.oid::int8 AS oid, c.reltype::int8 AS row_type, n.nspname AS schema, c.relname AS name,
      c.relpersistence::text AS persistence, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key,
      c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced,
      ${relationSettings}, ${tableReplicaIdentity}, ${parents} AS parents
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT c.relispartition AND ${ourRelation(context, `'r', 'p'`)}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const parentsOf = ((row['parents'] ?? []) as readonly (readonly string[])[]).map((parent) => address('table', ...parent));
    return {
      object: {
        kind: 'table',
        id: address('table', ...path),
        path,
        attributes: {
          persistence: textOf(row, 'persistence') === 'u' ? 'unlogged' : 'permanent',
          ...optional('partitionBy', optionalText(row, 'key')),
          storageParameters: readStorageParameters(row),
          ...readRelationSettings(row),
          ...optional('replicaIdentity', optionalText(row, 'replica_identity') as Table['attributes']['replicaIdentity']),
          ...(parentsOf.length === 0 ? {} : { inherits: parentsOf }),
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
