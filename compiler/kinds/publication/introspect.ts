/** Reads publications from pg_publication and pg_publication_namespace (manual §52.40, §52.41). */
import { address } from '../../model/address.ts';
import { compareText } from '../../model/object.ts';
import { flagOf, notOfExtension, numberOf, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import { operations } from './declare.ts';
import type { Publication } from './object.ts';

export const introspectPublications: Introspection<Publication> = {
  entries: { catalog: 'pg_publication' },
  query: ({ major }) => `
    SELECT p.oid::int8 AS oid, p.pubname AS name, p.puballtables AS all_tables, p.pubviaroot AS via_root,
      p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete, p.pubtruncate AS truncate,
      ${major >= 18 ? `p.pubgencols = 's'` : 'false'} AS generated,
      ${major >= 15 ? '(SELECT json_agg(n.nspname) FROM pg_publication_namespace m JOIN pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid)' : 'NULL'} AS schemas,
      ${major >= 15 ? '(SELECT json_agg(m.oid::int8) FROM pg_publication_namespace m WHERE m.pnpubid = p.oid)' : 'NULL'} AS members
    FROM pg_publication p
    WHERE ${notOfExtension('pg_publication', 'p.oid')}`,
  read: (row) => {
    const name = textOf(row, 'name');
    return {
      object: {
        kind: 'publication',
        id: address('publication', name),
        path: [name],
        attributes: {
          of: flagOf(row, 'all_tables') ? 'all tables' : 'listed',
          schemas: [...textsOf(row, 'schemas')].sort(compareText),
          operations: operations.filter((each) => flagOf(row, each)),
          viaPartitionRoot: flagOf(row, 'via_root'),
          ...(flagOf(row, 'generated') ? { generatedColumns: 'stored' as const } : {}),
        },
      },
      identities: [
        { catalog: 'pg_publication', oid: numberOf(row, 'oid') },
        ...textsOf(row, 'members').map((oid) => ({ catalog: 'pg_publication_namespace', oid: Number(oid) })),
      ],
    };
  },
};
