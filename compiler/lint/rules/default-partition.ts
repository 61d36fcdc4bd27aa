/** A partition for the rest gets in the way of every other. */
import { isPartition } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';

export const defaultPartition: LintRule = {
  code: 'default-partition',
  severity: 'warning',
  about: 'schema',
  title: 'A table has a default partition.',
  explanation: [
    'With a default partition DETACH … CONCURRENTLY is refused (55000), and every new partition takes ACCESS EXCLUSIVE on the default',
    'and scans it for rows that belong to the new one (manual §5.12.2.1; measured on 14 to 18). Rows that landed there by mistake stop',
    'the right partition from being made until somebody moves them. Without it a row outside all bounds fails at once, which is seen.',
  ].join(' '),
  example: "partitionBy: range('created_at', { every: '1 month', premake: 3 })  // ready ahead, instead of a default",
  check: ({ managed }) =>
    managed
      .filter(isPartition)
      .filter(({ attributes }) => attributes.bound === 'DEFAULT')
      .map((partition) => ({
        subject: partition.id,
        message: `${pathText(partition.path)} is a default partition: others cannot be detached concurrently, and are attached under its lock`,
        hint: 'name the values or ranges, and keep partitions ready ahead with premake',
      })),
};
