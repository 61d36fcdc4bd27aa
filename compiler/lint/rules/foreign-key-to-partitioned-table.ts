/** A partition that is referred to cannot go while rows refer to it, and detaching it scans. */
import { isForeignKey } from '../../kinds/guards.ts';
import { address, pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';
import { isPartitionedTable } from '../tables.ts';

export const foreignKeyToPartitionedTable: LintRule = {
  code: 'foreign-key-to-partitioned-table',
  severity: 'warning',
  about: 'schema',
  title: 'A foreign key refers to a partitioned table.',
  explanation: [
    'The key must hold the partition key, so the referencing table carries it too (manual §5.12.2.3). Detaching a partition takes',
    'ACCESS EXCLUSIVE on the referencing table and scans it and the partition; dropping an attached one is refused even when no row',
    'refers to it (2BP01); rows must leave the referencing table first (measured on 14 to 18).',
    'A soft reference has none of this, takes one column, and orphans are found by sampling.',
  ].join(' '),
  example: "digest_id: softReference(() => digests, 'id', { doc: 'What was sent.' })",
  check: ({ managed, state }) =>
    managed
      .filter(isForeignKey)
      .filter(({ attributes }) => isPartitionedTable(attributes.references, state))
      .map((key) => ({
        subject: key.id,
        near: key.attributes.columns.map((name) => address('column', ...key.path.slice(0, 2), name)),
        message: `foreign key ${pathText(key.path)} refers to the partitioned ${key.attributes.references}: retiring a partition locks and scans the referencing table`,
        hint: 'use softReference(…), or suppress it with what the guarantee is worth',
      })),
};
