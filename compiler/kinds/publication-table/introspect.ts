/** Reads the tables that publications list from pg_publication_rel (manual §52.42); lists of columns and filters came with 15. */
import { address } from '../../model/address.ts';
import { compareText } from '../../model/object.ts';
import { notManaged, notOfExtension, numberOf, optional, optionalText, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { PublicationTable } from './object.ts';

export const introspectPublicationTables: Introspection<PublicationTable> = {
  entries: { catalog: 'pg_publication' },
  query: (context) => `
    SELECT m.oid::int8 AS oid, p.pubname AS publication, n.nspname AS schema, c.relname AS name,
      ${
        context.major >= 15
          ? `(SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = m.prrelid AND a.attnum = ANY (m.prattrs::int2[])) AS columns,
      pg_get_expr(m.prqual, m.prrelid) AS filter`
          : 'NULL AS columns, NULL AS filter'
      }
    FROM pg_publication_rel m
    JOIN pg_publication p ON p.oid = m.prpubid
    JOIN pg_class c ON c.oid = m.prrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${notOfExtension('pg_publication', 'p.oid')} AND ${notManaged(context, 'c.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'publication'), textOf(row, 'schema'), textOf(row, 'name')];
    const columns = row['columns'] === null ? undefined : [...textsOf(row, 'columns')].sort(compareText);
    return {
      object: {
        kind: 'publication-table',
        id: address('publication-table', ...path),
        path,
        partOf: address('publication', path[0] ?? ''),
        attributes: { ...optional('columns', columns), ...optional('where', optionalText(row, 'filter')) },
      },
      identities: [{ catalog: 'pg_publication_rel', oid: numberOf(row, 'oid') }],
    };
  },
};
