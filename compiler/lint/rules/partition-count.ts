/** Planning time grows with the number of partitions that a query cannot rule out. */
import { isPartition, isPartitionRule, isTable } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../../model/object.ts';
import { partitionCount, yearsAhead } from '../retention.ts';
import type { Finding, LintContext, LintRule } from '../rule.ts';
import type { Table } from '../../kinds/table/object.ts';

const many = 100;
const tooMany = 1000;

function countOf(table: Table, { state }: LintContext): number {
  const parts = partsOf(state, table.id);
  const rule = parts.find(isPartitionRule);
  return rule === undefined
    ? parts.filter((part) => isPartition(part)).reduce((sum, part) => sum + leavesBelow(part, state), 0)
    : (partitionCount(rule) ?? 0);
}

/** What a declared partition is partitioned into again, or itself. */
function leavesBelow(partition: SchemaObject, state: State): number {
  const below = partsOf(state, partition.id).filter((part) => isPartition(part));
  return below.length === 0 ? 1 : below.reduce((sum, part) => sum + leavesBelow(part, state), 0);
}

function findingFor(table: Table, context: LintContext): readonly Finding[] {
  const count = countOf(table, context);
  if (count <= many) return [];
  const rule = partsOf(context.state, table.id).find(isPartitionRule);
  const when =
    rule !== undefined && rule.attributes.retain === undefined ? `, ${yearsAhead} years from now, since nothing retires them,` : '';
  return [
    {
      subject: table.id,
      ...(rule === undefined ? {} : { near: [rule.id] }),
      severity: count > tooMany ? 'error' : 'warning',
      message: `table ${pathText(table.path)} would have${when} ${count} partitions at a time`,
      hint: "make them longer (every: '1 month'), or keep rows for a shorter time (retain)",
    },
  ];
}

export const partitionCountRule: LintRule = {
  code: 'partition-count',
  severity: 'warning',
  about: 'schema',
  title: 'A table has more than 100 partitions; more than 1,000 is an error.',
  explanation: [
    'A query that does not name the partition key plans and locks every partition (manual §5.12.6). Measured on PostgreSQL 15, planning',
    'a point lookup without the key: 0.04 ms with one partition, 0.12 with 12, 0.94 with 120, 105 with 1,200, and the first in a session',
    'up to 566 ms. Counted are retain / every, the present one and those made ahead (premake), times what each is partitioned into (within); where nothing is retired, those of five years.',
    'Aim at 40 or fewer.',
  ].join(' '),
  example: "partitionBy: range('created_at', { every: '1 month', premake: 3, retain: '13 months', onRetire: 'drop' })  // 17",
  check: (context) => context.managed.filter(isTable).flatMap((table) => findingFor(table, context)),
};
