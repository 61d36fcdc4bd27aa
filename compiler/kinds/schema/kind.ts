/** How a schema is read, made, dropped and described (manual: CREATE SCHEMA). `public` is always there. */
import { address } from '../../model/address.ts';
import { statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import { notOfExtension, numberOf, ourSchema, textOf } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { schemaAuthor } from './author.ts';
import type { Schema } from './object.ts';

export const schemaKind: Kind<Schema> = {
  kind: 'schema',
  introspect: {
    query: () => `
      SELECT n.oid::int8 AS oid, n.nspname AS name FROM pg_namespace n
      WHERE ${ourSchema} AND n.nspname <> 'public' AND ${notOfExtension('pg_namespace', 'n.oid')}`,
    read: (row) => {
      const name = textOf(row, 'name');
      return {
        object: { kind: 'schema', id: address('schema', name), path: [name], attributes: {} },
        identities: [{ catalog: 'pg_namespace', oid: numberOf(row, 'oid') }],
      };
    },
  },
  create: (object) => [
    statement({
      sql: `CREATE SCHEMA ${quoteName(object.path[0] ?? '')}`,
      purpose: `Create schema ${object.path[0]}.`,
      subject: object.id,
      makes: [object.id],
      reverse: `DROP SCHEMA ${quoteName(object.path[0] ?? '')}`,
      probe: `present ${object.id}`,
    }),
  ],
  drop: (object) => [
    statement({
      sql: `DROP SCHEMA ${quoteName(object.path[0] ?? '')}`,
      purpose: `Drop schema ${object.path[0]}.`,
      subject: object.id,
      destroys: [object.id],
      reverse: `CREATE SCHEMA ${quoteName(object.path[0] ?? '')}`,
      probe: `absent ${object.id}`,
      phase: 'contract',
    }),
  ],
  alter: {},
  rename: (before, after) => [
    statement({
      sql: `ALTER SCHEMA ${quoteName(before.path[0] ?? '')} RENAME TO ${quoteName(after.path[0] ?? '')}`,
      purpose: `Rename schema ${before.path[0]} to ${after.path[0]}.`,
      subject: after.id,
    }),
  ],
  describe: () => [],
  author: schemaAuthor,
};
