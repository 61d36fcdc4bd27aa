/**
 * How a table is partitioned becomes text (`RANGE (created_at)`), a rule that makes and retires
 * partitions, or declared partitions, which may be partitioned again.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declarePartition } from '../kinds/partition/declare.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { HashChild, ListChild, PartitionInput, RangeChild } from '../dsl/partitions.ts';
import { checkBounds } from './check-bounds.ts';
import { checkSchema, schemaNeeds, storage } from './common-parts.ts';
import { columnNeeds } from './compose-constraints.ts';
import { composePartitionRule } from './compose-partition-rule.ts';
import { present } from './context.ts';
import type { TableContext } from './compose-table.ts';
import { renderSql } from './render-sql.ts';
import { schemaName } from './relation-path.ts';

/** `RANGE (created_at)`, as PostgreSQL prints a partition key. */
export function partitionKeyText(by: PartitionInput | undefined, inner: TableContext): string | undefined {
  if (by === undefined) return undefined;
  const place = { at: inner.table.origin, keys: ['partitionBy'], what: `the partition key of table "${inner.table.name}"` };
  const keys = by.keys.map((key) => (typeof key === 'string' ? quoteName(key) : `(${renderSql(key, place, inner).text})`));
  return `${by.strategy.toUpperCase()} (${keys.join(', ')})`;
}

export function composePartitions(inner: TableContext): void {
  const by = inner.table.definition.partitionBy;
  if (by === undefined) return;
  columnNeeds(
    by.keys.filter((key) => typeof key === 'string'),
    'the partition key',
    ['partitionBy'],
    inner,
  );
  if (by.rule !== undefined) composePartitionRule(by, by.rule, inner);
  composeChildren(by, inner.id, inner.path[0], ['partitionBy', 'children'], inner);
}

type Child = PartitionInput['children'][string];

function composeChildren(by: PartitionInput, parent: Address, schema: string, keys: readonly string[], inner: TableContext): void {
  if (by.strategy === 'hash') checkRemainders(by, keys, inner);
  else checkBounds(by, keys, inner);
  for (const [name, child] of Object.entries(by.children)) {
    const path = [child.schema === undefined ? schema : schemaName(child.schema), name] as const;
    const at = [...keys, name];
    const what = `partition "${name}" of table "${inner.table.name}"`;
    const bound = boundText(by, child, { at: inner.table.origin, keys: at, what }, inner);
    const object = declarePartition({
      path,
      parent,
      bound: bound.text,
      ...present({ partitionBy: partitionKeyText(child.partitionBy, inner) }),
      storageParameters: storage(child.storageParameters),
      needs: [...bound.needs, ...schemaNeeds(path[0])],
    });
    checkSchema(path[0], inner.table.origin, at, inner);
    inner.names.claim({
      namespaces: [`relation ${path[0]}`, `type ${path[0]}`],
      name,
      what,
      subject: object.id,
      at: inner.table.origin,
      keys: at,
    });
    inner.add(
      object,
      inner.table.origin,
      at,
      present({
        doc: child.doc,
        renamedFrom: child.renamedFrom === undefined ? undefined : address('partition', path[0], child.renamedFrom),
      }),
    );
    if (child.partitionBy !== undefined) composeChildren(child.partitionBy, object.id, path[0], [...at, 'children'], inner);
  }
}

/** Each remainder once: PostgreSQL refuses two, and a missing one leaves rows without a place. */
function checkRemainders(by: PartitionInput, keys: readonly string[], inner: TableContext): void {
  const modulus = by.modulus ?? 0;
  const found = Object.values(by.children).map((child) => (child as HashChild).remainder);
  const missing = Array.from({ length: Math.min(modulus, 10_000) }, (_, remainder) => remainder).filter((each) => !found.includes(each));
  const wrong = found.filter((each, index) => !Number.isInteger(each) || each < 0 || each >= modulus || found.indexOf(each) !== index);
  if (missing.length === 0 && wrong.length === 0 && modulus > 0) return;
  inner.report({
    code: 'hash-remainders',
    message: `table "${inner.table.name}" is partitioned by hash with modulus ${modulus}, and ${
      wrong.length > 0 ? `the remainder ${wrong[0]} is out of range or there twice` : `no partition takes the remainder ${missing[0] ?? 0}`
    }`,
    hint: 'declare one partition for each remainder from 0 to the modulus less 1',
    at: inner.table.origin,
    keys,
  });
}

type BoundPlace = Parameters<typeof renderSql>[1];

/** `FOR VALUES IN ('eu')`, as PostgreSQL prints a bound. */
function boundText(by: PartitionInput, child: Child, place: BoundPlace, inner: TableContext) {
  const needs: Address[] = [];
  const value = (each: unknown): string => {
    const { text, needs: more } = renderSql(each, place, inner);
    needs.push(...more);
    return text;
  };
  if ('default' in child) return { text: 'DEFAULT', needs };
  if (by.strategy === 'hash') {
    return { text: `FOR VALUES WITH (modulus ${by.modulus}, remainder ${(child as HashChild).remainder})`, needs };
  }
  if (by.strategy === 'list') {
    const values = (child as ListChild).values.map((each) =>
      each === null ? 'NULL' : typeof each === 'string' ? quoteText(each).trim() : value(each),
    );
    return { text: `FOR VALUES IN (${values.join(', ')})`, needs };
  }
  const side = (each: RangeChild['from'] | RangeChild['to']): string => {
    const parts: readonly unknown[] = Array.isArray(each) ? each : [each];
    return parts.map((part) => (part === 'minvalue' || part === 'maxvalue' ? part.toUpperCase() : value(part))).join(', ');
  };
  const { from, to } = child as RangeChild;
  return { text: `FOR VALUES FROM (${side(from)}) TO (${side(to)})`, needs };
}
