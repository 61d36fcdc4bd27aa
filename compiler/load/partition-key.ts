/** The rule that every primary and unique key of a partitioned table contains the partition key (manual §5.12.2.3). */
import type { PartedAgain, PartitionInput } from '../dsl/partitions.ts';
import type { TableContext } from './compose-table.ts';

/** Reports partition key columns that a key lacks, and expressions, with which there can be no key at all. */
export function checkPartitionKey(columns: readonly string[], what: string, keys: readonly string[], inner: TableContext): void {
  for (const key of partitionKeys(inner.table.definition.partitionBy)) {
    if (typeof key === 'string' && columns.includes(key)) continue;
    inner.report({
      code: 'key-without-partition-key',
      message:
        typeof key === 'string'
          ? `${what} of table "${inner.table.name}" must contain the partition key column "${key}"`
          : `${what} of table "${inner.table.name}" is not possible, since the partition key is an expression`,
      hint:
        typeof key === 'string'
          ? `write [${[...columns, key].map((each) => `'${each}'`).join(', ')}]: PostgreSQL can enforce uniqueness only within a partition`
          : 'partition by a column, or declare a plain index',
      at: inner.table.origin,
      keys,
    });
  }
}

/** The keys of all levels: a partition that is partitioned again holds the same constraints. */
function partitionKeys(by: PartitionInput | PartedAgain | undefined): ReadonlySet<PartitionInput['keys'][number]> {
  if (by === undefined) return new Set();
  const { rule, children = {} } = by as Partial<PartitionInput>;
  const again = rule !== undefined && 'within' in rule ? [...partitionKeys(rule.within)] : [];
  const below = Object.values(children).flatMap((child) => [...partitionKeys(child.partitionBy)]);
  return new Set([...by.keys, ...again, ...below]);
}
