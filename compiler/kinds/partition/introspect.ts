/** Reads declared partitions from pg_class (manual §52.11, relpartbound); those under a rule's table come and go and are none. */
import { address } from '../../model/address.ts';
import { numberOf, optional, optionalText, ourRelation, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import { readRelationSettings, readStorageParameters, relationSettings } from '../relation-settings.ts';
import { tableReplicaIdentity } from '../replica-identity.ts';
import type { Partition } from './object.ts';

export const introspectPartitions: Introspection<Partition> = {
  query: (context) => `
    SELECT c.oid::int8 AS oid, c.reltype::int8 AS row_type, n.nspname AS schema, c.relname AS name,
      CASE WHEN p.relispartition THEN 'partition' ELSE 'table' END AS parent_kind, pn.nspname AS parent_schema, p.relname AS parent,
      pg_get_expr(c.relpartbound, c.oid) AS bound, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key,
      ${relationSettings}, ${tableReplicaIdentity}
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_inherits i ON i.inhrelid = c.oid
    JOIN pg_class p ON p.oid = i.inhparent
    JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE c.relispartition AND ${ourRelation(context, `'r', 'p'`)}
    ORDER BY n.nspname, c.relname`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const parent = address(textOf(row, 'parent_kind'), textOf(row, 'parent_schema'), textOf(row, 'parent'));
    return {
      object: {
        kind: 'partition',
        id: address('partition', ...path),
        path,
        partOf: parent,
        attributes: {
          parent,
          bound: textOf(row, 'bound'),
          ...optional('partitionBy', optionalText(row, 'key')),
          storageParameters: readStorageParameters(row),
          ...readRelationSettings(row),
          ...optional('replicaIdentity', optionalText(row, 'replica_identity') as Partition['attributes']['replicaIdentity']),
        },
      },
      identities: [
        { catalog: 'pg_class', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'row_type') },
      ],
    };
  },
};
