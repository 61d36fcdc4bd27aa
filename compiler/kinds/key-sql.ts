/**
 * What primary keys and unique constraints have in common: reading them from pg_constraint with
 * their index, and building them on an old table without blocking it (rule book U1, U2).
 */
import { address, pathText, type Address } from '../model/address.ts';
import { statement, type Statement } from '../model/statement.ts';
import { constraintName } from '../sql/names.ts';
import { nameList, qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import type { KeyAttributes } from './attribute-types.ts';
import { columnNames, flagOf, numberOf, optional, ourRelation, storageParametersOf, textOf, textsOf } from './catalog.ts';
import { dropConstraint } from './constraint-sql.ts';
import type { CatalogIdentity, CatalogRow, DescribeContext, IntrospectionContext, PlanContext } from './contract.ts';
import type { KeyNode } from '../model/document.ts';
import type { SchemaObject } from '../model/object.ts';
import { deferralClause, hazard, isPartitioned, isSmall, lock, relationName, tableOf, withStorageParameters } from './statements.ts';

/** The catalog query of keys; `type` is pg_constraint.contype. */
export function keyQuery(type: 'p' | 'u', context: IntrospectionContext): string {
  return `
    SELECT k.oid::int8 AS oid, k.conindid::int8 AS index, k.conrelid::int8 AS relation, n.nspname AS schema, c.relname AS "table",
      k.conname AS name, k.condeferrable AS deferrable, k.condeferred AS deferred, to_json(x.reloptions) AS options,
      ${columnNames('k.conkey', 'k.conrelid')} AS columns,
      ${columnNames('(i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1]', 'k.conrelid')} AS include,
      ${context.major >= 15 ? 'i.indnullsnotdistinct' : 'false'} AS nulls_not_distinct
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = k.conindid JOIN pg_index i ON i.indexrelid = k.conindid
    WHERE k.contype = ${quoteText(type)} AND k.conparentid = 0 AND ${ourRelation(context, `'r', 'p'`)}`;
}

export function readKeyAttributes(row: CatalogRow): KeyAttributes {
  return {
    columns: textsOf(row, 'columns'),
    include: textsOf(row, 'include'),
    deferral: flagOf(row, 'deferred') ? 'initially deferred' : flagOf(row, 'deferrable') ? 'deferrable' : 'not deferrable',
    storageParameters: storageParametersOf(row, 'options'),
  };
}

export function keyPath(row: CatalogRow): readonly [string, string, string] {
  return [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
}

export function keyIdentities(row: CatalogRow): readonly CatalogIdentity[] {
  return [
    { catalog: 'pg_constraint', oid: numberOf(row, 'oid') },
    { catalog: 'pg_class', oid: numberOf(row, 'index') },
  ];
}

/** How one sort of key is spelled. */
export interface KeyWords {
  /** `PRIMARY KEY`, `UNIQUE`, `UNIQUE NULLS NOT DISTINCT`. */
  readonly clause: string;
  /** `NULLS NOT DISTINCT` of the index behind it, or nothing. */
  readonly nulls: string;
  readonly noun: string;
  readonly order: number;
}

function includeClause(attributes: KeyAttributes): string {
  return attributes.include.length === 0 ? '' : ` INCLUDE (${nameList(attributes.include)})`;
}

/** `CONSTRAINT name PRIMARY KEY (…) INCLUDE (…) WITH (…) DEFERRABLE`. */
export function keyClause(key: SchemaObject<string, KeyAttributes>, words: KeyWords): string {
  const { attributes } = key;
  return [
    `CONSTRAINT ${quoteName(key.path[2] ?? '')} ${words.clause} (${nameList(attributes.columns)})`,
    includeClause(attributes),
    withStorageParameters(attributes.storageParameters),
    deferralClause(attributes.deferral),
  ].join('');
}

/** The index of a key has the key's name: nothing else can have it at the same time. */
function indexMark(key: SchemaObject, name: string): Address {
  return address('index', key.path[0] ?? '', name);
}

export function dropKey(key: SchemaObject<string, KeyAttributes>, words: KeyWords): Statement {
  const drop = dropConstraint(key, keyClause(key, words));
  return { ...drop, destroys: [...drop.destroys, indexMark(key, key.path[2] ?? '')] };
}

/** On a new table a clause of it; on an old one an index built concurrently and then adopted, where PostgreSQL can. */
export function createKey(
  key: SchemaObject<string, KeyAttributes>,
  words: KeyWords,
  context: PlanContext,
  needs: readonly string[],
): readonly Statement[] {
  const table = tableOf(key);
  const clause = keyClause(key, words);
  const name = quoteName(key.path[2] ?? '');
  const drop = `ALTER TABLE ${relationName(key)} DROP CONSTRAINT ${name}`;
  const add = statement({
    sql: `ALTER TABLE ${relationName(key)} ADD ${clause}`,
    purpose: `Add ${words.noun} ${key.path[2]} to ${pathText(key.path.slice(0, 2))}.`,
    subject: key.id,
    needs: [...key.dependsOn, ...needs],
    makes: [key.id, indexMark(key, key.path[2] ?? '')],
    locks: lock('AccessExclusiveLock', table),
    probe: `present ${key.id}`,
    reverse: drop,
  });
  if (context.isNew(table)) return [{ ...add, fold: { into: table, clause, order: words.order } }];
  if (isPartitioned(table, context) || isSmall(table, context)) {
    const reason = 'its index is built while writes wait; PostgreSQL cannot adopt an index on a partitioned table (0A000)';
    return [
      {
        ...add,
        scans: [table],
        hazards: isSmall(table, context) ? [] : [hazard('blocks-writes', table, reason), hazard('index-build', key.id, reason)],
      },
    ];
  }
  const index = context.before.has(key.id) ? constraintName(key.path[2] ?? '', [], 'new') : (key.path[2] ?? '');
  const adopt = `ADD CONSTRAINT ${name} ${words.clause.replace(words.nulls, '')} USING INDEX ${quoteName(index)}${deferralClause(key.attributes.deferral)}`;
  return [
    buildIndex(key, index, words, needs),
    {
      ...add,
      sql: `ALTER TABLE ${relationName(key)} ${adopt}`,
      purpose: `Make the index the ${words.noun} ${key.path[2]}; PostgreSQL gives it the name of the constraint.`,
    },
  ];
}

/** A key that is replaced has its new index built under another name while the old one still serves. */
function buildIndex(key: SchemaObject<string, KeyAttributes>, indexName: string, words: KeyWords, needs: readonly string[]): Statement {
  const table = tableOf(key);
  const name = quoteName(indexName);
  const columns = nameList(key.attributes.columns);
  return statement({
    sql: `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${relationName(key)} (${columns})${includeClause(key.attributes)}${words.nulls}${withStorageParameters(key.attributes.storageParameters)}`,
    purpose: `Build the index of ${words.noun} ${key.path[2]}; reads and writes go on.`,
    subject: key.id,
    step: 'concurrent',
    needs: [...key.dependsOn, ...needs],
    makes: [indexMark(key, indexName)],
    locks: lock('ShareUpdateExclusiveLock', table),
    scans: [table],
    hazards: [
      hazard('index-build', key.id, 'reads the whole table and waits for older transactions'),
      hazard(
        'data-dependent',
        key.id,
        'fails where rows are not unique',
        `SELECT ${columns}, count(*) FROM ${relationName(key)} GROUP BY ${columns} HAVING count(*) > 1 LIMIT 20`,
      ),
    ],
    probe: `valid index ${pathText([key.path[0] ?? '', indexName])}`,
    reverse: `DROP INDEX CONCURRENTLY ${qualifiedName([key.path[0] ?? '', indexName])}`,
  });
}

/** A key as documents have it. */
export function describeKey(
  key: SchemaObject<string, KeyAttributes>,
  form: 'primary key' | 'unique',
  words: KeyWords,
  context: DescribeContext,
): KeyNode {
  return {
    node: 'key',
    id: key.id,
    table: tableOf(key),
    name: key.path[2] ?? '',
    form,
    method: 'btree',
    on: key.attributes.columns.map((column) => ({ column, text: column })),
    include: key.attributes.include,
    definition: `${words.clause} (${nameList(key.attributes.columns)})`,
    ...optional('doc', context.annotation(key.id).doc),
  };
}
