/** The indexes of a table or materialized view become objects. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareIndex } from '../kinds/index/declare.ts';
import type { Origin } from '../dsl/declaration.ts';
import type { KeyInput } from '../dsl/keys.ts';
import type { IndexInput, NamedOrListed } from '../dsl/table.ts';
import { itemsOf, storage } from './common-parts.ts';
import { reportUnknownColumn } from './column-types.ts';
import type { SchemaContext, TableContext } from './compose-table.ts';
import { present } from './context.ts';
import { collationText, keyExpression, keyName, keyParts } from './index-keys.ts';
import { checkPartitionKey } from './partition-key.ts';
import { renderSql } from './render-sql.ts';
import type { SqlPlace } from './render-sql.ts';
import { checkSince } from './since.ts';

/** The relation that indexes are on. */
export interface IndexedRelation extends SchemaContext {
  readonly table: { readonly name: string; readonly columnList: readonly { readonly name: string }[] };
  readonly path: readonly [schema: string, name: string];
  readonly columnIds: ReadonlyMap<string, Address>;
  readonly on: Address;
  readonly origin: Origin;
  /** `table "digests"`, for messages. */
  readonly relation: string;
}

export function composeIndexes(inner: IndexedRelation, indexes: NamedOrListed<IndexInput> | undefined): void {
  for (const { name: written, input, keys } of itemsOf<IndexInput>(indexes, 'indexes')) {
    const parts = keyList(input).map(keyName);
    const name = written ?? inner.names.giver(`relation ${inner.path[0]}`).give(inner.path[1], parts, 'idx');
    composeIndex(name, input, keys, inner);
  }
}

function keyList(input: IndexInput): readonly KeyInput[] {
  return Array.isArray(input.on) ? (input.on as readonly KeyInput[]) : [input.on as KeyInput];
}

function composeIndex(name: string, input: IndexInput, keys: readonly string[], inner: IndexedRelation): void {
  const place: SqlPlace = { at: inner.origin, keys, what: `index "${name}" of ${inner.relation}` };
  const where = input.where === undefined ? undefined : renderSql(input.where, place, inner);
  const indexKeys = keyList(input).map((each) => indexKey(each, place, inner));
  checkIndex(input, place, inner);
  const hasExpression = where !== undefined || keyList(input).some((each) => typeof keyParts(each).of !== 'string');
  const object = declareIndex({
    path: [inner.path[0], name],
    on: inner.on,
    method: input.method ?? 'btree',
    unique: input.unique ?? false,
    nullsNotDistinct: input.nullsNotDistinct ?? false,
    keys: indexKeys.map((each) => each.key),
    include: input.include ?? [],
    ...present({ where: where?.text }),
    storageParameters: storage(input.storageParameters),
    ...present({
      tablespace: input.tablespace,
      statistics: input.statistics,
      clustered: input.clustered,
      replicaIdentity: input.replicaIdentity,
    }),
    needs: [
      ...(where?.needs ?? []),
      ...indexKeys.flatMap((each) => each.needs),
      ...(hasExpression ? inner.columnIds.values() : (input.include ?? []).flatMap((each) => inner.columnIds.get(each) ?? [])),
    ],
  });
  inner.names.claim({ namespaces: [`relation ${inner.path[0]}`], name, what: place.what, subject: object.id, at: inner.origin, keys });
  const { doc, renamedFrom, suppress } = input;
  inner.add(
    object,
    inner.origin,
    keys,
    present({
      doc,
      renamedFrom: renamedFrom === undefined ? undefined : address('index', inner.path[0], renamedFrom),
      suppress,
    }),
  );
}

function indexKey(input: KeyInput, place: SqlPlace, inner: IndexedRelation) {
  const { options } = keyParts(input);
  const { text, needs } = keyExpression(input, place, inner.columnIds, inner.table, inner);
  const order = options.order ?? 'ascending';
  const key = {
    text,
    ...present({
      collation: options.collation === undefined ? undefined : collationText(options.collation),
      operatorClass: options.operatorClass,
    }),
    order,
    nulls: options.nulls ?? (order === 'descending' ? ('first' as const) : ('last' as const)),
  };
  return { key, needs };
}

function checkIndex(input: IndexInput, place: SqlPlace, inner: IndexedRelation): void {
  for (const name of input.include ?? []) {
    if (!inner.columnIds.has(name) && inner.columnIds.size > 0) {
      reportUnknownColumn(name, inner.table as never, place.what, { at: place.at, keys: place.keys }, inner);
    }
  }
  if (input.nullsNotDistinct === true) checkSince('nulls-not-distinct', place.what, { at: place.at, keys: place.keys }, inner);
  if (input.unique !== true || !('definition' in inner.table)) return;
  const columns = keyList(input)
    .map((each) => keyParts(each).of)
    .filter((each) => typeof each === 'string');
  checkPartitionKey(columns, `unique index of ${inner.relation}`, place.keys, inner as unknown as TableContext);
}
