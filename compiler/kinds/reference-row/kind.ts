/** All that the compiler knows of rows of lookup tables. They are read by read.ts, for the tables that the schema names. */
import type { Kind } from '../contract.ts';
import { tableOf } from '../statements.ts';
import type { ReferenceRow } from './object.ts';
import { deleteRow, freedBy, insertRow, ownKey, referenceRowRules } from './statements.ts';

export const referenceRowKind: Kind<ReferenceRow> = {
  kind: 'reference-row',
  introspect: {
    query: () => 'SELECT 1 AS none WHERE false',
    read: () => undefined,
  },
  create: insertRow,
  drop: deleteRow,
  alter: referenceRowRules,
  condition: ownKey,
  release: freedBy,
  author: { writes: 'nothing', because: 'which tables are lookup tables a schema says, no database' },
  describe: (row) => [{ node: 'row', id: row.id, table: tableOf(row), values: row.attributes.values }],
};
