/**
 * How a table is partitioned becomes a rule that makes and retires partitions, or declared partitions,
 * which may be partitioned again.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declarePartition } from '../kinds/partition/declare.ts';
import type { PartitionInput } from '../dsl/partitions.ts';
import { checkParts } from './check-bounds.ts';
import { checkSchema, schemaNeeds, storage } from './common-parts.ts';
import { columnNeeds } from './compose-constraints.ts';
import { composePartitionRule } from './compose-partition-rule.ts';
import { present } from './context.ts';
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
  composeChildren(by, inner.id, inner.path[0], ['partitionBy', 'children'], inner);
}

function composeChildren(by: PartitionInput, parent: Address, schema: string, keys: readonly string[], inner: TableContext): void {
  checkParts(by, keys, inner);
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
