/**
 * How a table is partitioned becomes a rule that makes and retires partitions, or declared partitions,
 * which may be partitioned again.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declarePartition } from '../kinds/partition/declare.ts';
import type { PartitionInput } from '../dsl/partitions.ts';
import { checkGaps, checkParts } from './check-bounds.ts';
import { checkSchema, schemaNeeds, storage } from './common-parts.ts';
import { columnNeeds } from './compose-constraints.ts';
import { composePartitionRule } from './compose-partition-rule.ts';
import { present } from './context.ts';
import type { NamedBound } from '../kinds/partition-gaps.ts';
import type { TableContext } from './compose-table.ts';
import { boundText, partitionKeyText } from './partition-text.ts';
import { schemaName } from './relation-path.ts';

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
  if (by.rule !== undefined && Object.keys(by.children).length > 0) refuseChildren(inner);
  composeChildren(by, inner.id, inner.path[0], ['partitionBy', 'children'], inner);
}

/** Rows in a default partition would keep each new partition from being made, and nothing could be detached beside it without a lock (55000). */
function refuseChildren(inner: TableContext): void {
  inner.report({
    code: 'invalid-partition-rule',
    message: `table "${inner.table.name}" has a partition rule, and declares partitions beside it`,
    hint: 'the rule makes all of them: leave children out; a default partition would take rows that belong into a new one, and nothing could be detached beside it without a lock',
    at: inner.table.origin,
    keys: ['partitionBy', 'children'],
  });
}

function composeChildren(by: PartitionInput, parent: Address, schema: string, keys: readonly string[], inner: TableContext): void {
  checkParts(by, keys, inner);
  const bounds: NamedBound[] = [];
  for (const [name, child] of Object.entries(by.children)) {
    const path = [child.schema === undefined ? schema : schemaName(child.schema), name] as const;
    const at = [...keys, name];
    const what = `partition "${name}" of table "${inner.table.name}"`;
    const bound = boundText(by, child, { at: inner.table.origin, keys: at, what }, inner);
    bounds.push({ name, bound: bound.text });
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
  checkGaps(by, bounds, keys, inner);
}
