/** All that the compiler knows of primary keys (manual §5.5.4; rule book U2, U3, U7). */
import { address } from '../../model/address.ts';
import { optional } from '../catalog.ts';
import { renameConstraint } from '../constraint-sql.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { primaryKeyAuthor } from './author.ts';
import {
  createKey,
  describeKey,
  dropKey,
  keyIdentities,
  keyPath,
  keyQuery,
  keyRules,
  readKeyAttributes,
  type KeyWords,
} from '../key-sql.ts';
import { exchangeKey } from '../key-exchange.ts';
import { tableOf } from '../statements.ts';
import type { PrimaryKey } from './object.ts';

const words: KeyWords = { clause: 'PRIMARY KEY', nulls: '', noun: 'primary key', order: 10_000 };

/** The key's columns must be NOT NULL first, or adding it scans the table under its lock (rule book U2). */
function notNullMarks(key: PrimaryKey): readonly string[] {
  return key.attributes.columns.map((column) => address('not-null', ...key.path.slice(0, 2), column));
}

function create(key: PrimaryKey, context: PlanContext): ReturnType<typeof createKey> {
  return createKey(key, words, context, notNullMarks(key));
}

export const primaryKeyKind: Kind<PrimaryKey> = {
  kind: 'primary-key',
  introspect: {
    query: (context) => keyQuery('p', context),
    read: (row, context) => {
      const path = keyPath(row);
      return {
        object: {
          kind: 'primary-key',
          id: address('primary-key', ...path),
          path,
          ...optional('partOf', context.resolve({ catalog: 'pg_class', oid: Number(row['relation']) })),
          attributes: readKeyAttributes(row),
        },
        identities: keyIdentities(row),
      };
    },
  },
  create,
  // Its columns stay NOT NULL until it is gone (42P16); with its table all of them go.
  drop: (key, context) => {
    const needs = context.isDropped(tableOf(key)) ? [] : notNullMarks(key);
    return dropKey(key, words, context).map((step) => ({ ...step, needs: [...step.needs, ...needs] }));
  },
  alter: keyRules,
  rename: renameConstraint,
  exchange: (before, after, standIns, context) => exchangeKey(before, after, words, standIns, context),
  namesFollow: true,
  hasIndexOfItsName: true,
  describe: (key, context) => [describeKey(key, 'primary key', words, context)],
  author: primaryKeyAuthor,
};
