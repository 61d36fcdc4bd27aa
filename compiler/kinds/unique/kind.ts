/** All that the compiler knows of unique constraints (manual §5.5.3; rule book U1, U4, U6, U7). */
import { address } from '../../model/address.ts';
import { flagOf, optional } from '../catalog.ts';
import { renameConstraint } from '../constraint-sql.ts';
import type { Kind } from '../contract.ts';
import { uniqueAuthor } from './author.ts';
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
import { phaseOfDrop } from '../statements.ts';
import type { Unique } from './object.ts';

function words(key: Unique): KeyWords {
  const nulls = key.attributes.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  return { clause: `UNIQUE${nulls}`, nulls, noun: 'unique constraint', order: 20_000 };
}

export const uniqueKind: Kind<Unique> = {
  kind: 'unique',
  introspect: {
    query: (context) => keyQuery('u', context),
    read: (row, context) => {
      const path = keyPath(row);
      return {
        object: {
          kind: 'unique',
          id: address('unique', ...path),
          path,
          ...optional('partOf', context.resolve({ catalog: 'pg_class', oid: Number(row['relation']) })),
          attributes: { ...readKeyAttributes(row), nullsNotDistinct: flagOf(row, 'nulls_not_distinct') },
        },
        identities: keyIdentities(row),
      };
    },
  },
  create: (key, context) => createKey(key, words(key), context, []),
  drop: (key, context) => {
    const phase = phaseOfDrop(key, key.attributes.columns, context);
    return dropKey(key, words(key), context).map((step) => ({ ...step, phase }));
  },
  alter: {
    ...keyRules,
    nullsNotDistinct: { statements: 'replace', rebuilds: ['foreign-key'] },
  },
  rename: renameConstraint,
  exchange: (before, after, standIns, context) => exchangeKey(before, after, words(after), standIns, context),
  namesFollow: true,
  hasIndexOfItsName: true,
  describe: (key, context) => [describeKey(key, 'unique', words(key), context)],
  author: uniqueAuthor,
};
