/**
 * What primary keys and unique constraints have in common: reading them from pg_constraint with
 * their index, and building them on an old table without blocking it (rule book U1, U2).
 */
import { address, pathText, type Address } from '../model/address.ts';
import { statement, type Statement } from '../model/statement.ts';
import { constraintName } from '../sql/names.ts';
import { nameList, qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import type { KeyAttributes } from './attribute-types.ts';
import { columnNames, flagOf, numberOf, optional, optionalText, ourRelation, storageParametersOf, textOf, textsOf } from './catalog.ts';
import { dropConstraint } from './constraint-sql.ts';
import type { AttributeRule, CatalogIdentity, CatalogRow, DescribeContext, IntrospectionContext, PlanContext } from './contract.ts';
import type { KeyNode } from '../model/document.ts';
import type { SchemaObject } from '../model/object.ts';
import { createdIndexRoles, droppedIndexRoles, indexRoleRules, indexRoles, readIndexRoles } from './replica-identity.ts';
import {
  deferralClause,
  hazard,
  isPartitioned,
  isSmall,
  lock,
  relationName,
  tableOf,
  storageParameterChanges,
  withStorageParameters,
} from './statements.ts';

/** The catalog query of keys; `type` is pg_constraint.contype. */
export function keyQuery(type: 'p' | 'u', context: IntrospectionContext): string {
  return `
    SELECT k.oid::int8 AS oid, k.conindid::int8 AS index, k.conrelid::int8 AS relation, n.nspname AS schema, c.relname AS "table",
      k.conname AS name, k.condeferrable AS deferrable, k.condeferred AS deferred, to_json(x.reloptions) AS options, ${indexRoles},
      (SELECT place.spcname FROM pg_tablespace place WHERE place.oid = x.reltablespace) AS tablespace, ${context.major >= 18 ? 'k.conperiod' : 'false'} AS period,
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
    ...optional('tablespace', optionalText(row, 'tablespace')),
    ...(flagOf(row, 'period') ? { period: true as const } : {}),
    ...readIndexRoles(row),
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

function keyColumns({ columns, period }: KeyAttributes): string {
  return `${nameList(columns)}${period === true ? ' WITHOUT OVERLAPS' : ''}`;
}

/** `CONSTRAINT name PRIMARY KEY (…) INCLUDE (…) WITH (…) DEFERRABLE`. */
export function keyClause(key: SchemaObject<string, KeyAttributes>, words: KeyWords): string {
  const { attributes } = key;
  return [
    `CONSTRAINT ${quoteName(key.path[2] ?? '')} ${words.clause} (${keyColumns(attributes)})`,
    includeClause(attributes),
    withStorageParameters(attributes.storageParameters),
    attributes.tablespace === undefined ? '' : ` USING INDEX TABLESPACE ${quoteName(attributes.tablespace)}`,
    deferralClause(attributes.deferral),
  ].join('');
}

/** The index of a key has the key's name: nothing else can have it at the same time. */
export function indexMark(key: SchemaObject, name: string): Address {
  return address('index', key.path[0] ?? '', name);
}

export function dropKey(key: SchemaObject<string, KeyAttributes>, words: KeyWords, context: PlanContext): readonly Statement[] {
  const drop = dropConstraint(key, keyClause(key, words));
  return [...droppedIndexRoles(key, context), { ...drop, destroys: [...drop.destroys, indexMark(key, key.path[2] ?? '')] }];
}

/** On a new table a clause of it; on an old one an index built concurrently and then adopted, where PostgreSQL can. */
export function createKey(
  key: SchemaObject<string, KeyAttributes>,
  words: KeyWords,
  context: PlanContext,
  needs: readonly string[],
): readonly Statement[] {
  return [...addKey(key, words, context, needs), ...createdIndexRoles(key)];
}

function addKey(
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
  if (isPartitioned(table, context) || isSmall(table, context) || key.attributes.period === true) {
    const why = key.attributes.period === true ? 'without overlaps (42809)' : 'on a partitioned table (0A000)';
    const reason = `its index is built while writes wait; PostgreSQL cannot adopt an index ${why}`;
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
    buildKeyIndex(key, index, words, needs),
    {
      ...add,
      sql: `ALTER TABLE ${relationName(key)} ${adopt}`,
      purpose: `Make the index the ${words.noun} ${key.path[2]}; PostgreSQL gives it the name of the constraint.`,
    },
  ];
}

/** A key that is replaced has its new index built under another name while the old one still serves. */
export function buildKeyIndex(
  key: SchemaObject<string, KeyAttributes>,
  indexName: string,
  words: KeyWords,
  needs: readonly string[],
): Statement {
  const table = tableOf(key);
  const name = quoteName(indexName);
  const columns = nameList(key.attributes.columns);
  return statement({
    sql: `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${relationName(key)} (${columns})${includeClause(key.attributes)}${words.nulls}${withStorageParameters(key.attributes.storageParameters)}${key.attributes.tablespace === undefined ? '' : ` TABLESPACE ${quoteName(key.attributes.tablespace)}`}`,
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
    definition: `${words.clause} (${keyColumns(key.attributes)})`,
    ...optional('doc', context.annotation(key.id).doc),
  };
}

/** The rules that primary keys and unique constraints share; foreign keys rest on every part of one. */
export const keyRules: {
  readonly [Attribute in keyof Required<KeyAttributes>]: AttributeRule<SchemaObject<string, KeyAttributes>>;
} = {
  columns: { statements: 'replace', rebuilds: ['foreign-key'] },
  include: { statements: 'replace', rebuilds: ['foreign-key'] },
  deferral: { statements: 'replace', rebuilds: ['foreign-key'] },
  storageParameters: { statements: (before, after) => alterKeyStorage(before, after), stake: 'speed' },
  tablespace: { statements: (_before, after) => moveKey(after), stake: 'speed' },
  period: { statements: 'replace', rebuilds: ['foreign-key'] },
  ...indexRoleRules,
};

type Key = SchemaObject<string, KeyAttributes>;

function alterIndex(key: Key, action: string, purpose: string): Statement {
  return statement({
    sql: `ALTER INDEX ${qualifiedName([key.path[0] ?? '', key.path[2] ?? ''])} ${action}`,
    purpose,
    subject: key.id,
    needs: [key.id],
  });
}

function alterKeyStorage(before: Key, after: Key): readonly Statement[] {
  return storageParameterChanges(before.attributes.storageParameters, after.attributes.storageParameters).map((action) =>
    alterIndex(after, action, `Change storage parameters of the index of ${after.path[2] ?? ''}.`),
  );
}

function moveKey(after: Key): readonly Statement[] {
  const step = alterIndex(
    after,
    `SET TABLESPACE ${quoteName(after.attributes.tablespace ?? 'pg_default')}`,
    `Move the index of ${after.path[2] ?? ''}.`,
  );
  const reason = 'the index is copied while nobody can use it';
  return [{ ...step, locks: lock('AccessExclusiveLock', after.id), hazards: [hazard('blocks-reads', tableOf(after), reason)] }];
}
