/** Random keys scatter over the whole index; keys that grow with time stay in its last pages. */
import { isPrimaryKey } from '../../kinds/guards.ts';
import { isDefault } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import type { LintContext, LintRule } from '../rule.ts';
import { columnOf, isPartitionedTable } from '../tables.ts';

const manyRows = 1_000_000;

function isLarge(table: string, { annotation, state }: LintContext): boolean {
  return (annotation(table).expectedRows ?? 0) >= manyRows || isPartitionedTable(table, state);
}

export const uuidV4PrimaryKey: LintRule = {
  code: 'uuid-v4-primary-key',
  severity: 'warning',
  about: 'schema',
  title: 'The primary key of a large table is a random UUID.',
  explanation: [
    'gen_random_uuid() gives version 4 (manual §9.14): each insert lands on a random page of the index, which must be in memory and',
    'is written whole to the WAL after a checkpoint. Measured for one million rows: index 39.9 MB and 9.4 s to load, against',
    '31.6 MB and 7.2 s for time-ordered UUIDv7 and 22.5 MB and 3.2 s for a bigint identity.',
    'PostgreSQL 18 has uuidv7(); before, the application makes them. Large means partitioned, or expectedRows of a million or more.',
  ].join(' '),
  example: "id: uuid({ doc: 'Time-ordered identifier (UUIDv7), made by the application.' })",
  check: (context) =>
    context.managed.filter(isPrimaryKey).flatMap((key) => {
      const table = key.partOf ?? '';
      const columns = key.attributes.columns.flatMap((name) => columnOf(table, name, context.state) ?? []);
      const random = columns.filter(({ id }) =>
        partsOf(context.state, id).some((part) => isDefault(part) && /^(public\.)?gen_random_uuid\(\)$/.test(part.attributes.expression)),
      );
      if (!isLarge(table, context)) return [];
      return random.map((column) => ({
        subject: column.id,
        near: [key.id],
        message: `the primary key ${pathText(column.path)} is a random UUID in a large table`,
        hint: 'use a time-ordered UUIDv7 (uuidv7() on PostgreSQL 18, made by the application before), or a bigint identity',
      }));
    }),
};
