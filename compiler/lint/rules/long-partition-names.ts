/** The names of partitions are made of the table's name and a suffix. */
import { isPartitionRule } from '../../kinds/guards.ts';
import { roughDays } from '../../kinds/partition-rule/interval.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';

const nameLimit = 63;
const dayTail = '_p20260101'.length;
const minuteTail = '_p20260101T0000'.length;

export const longPartitionNames: LintRule = {
  code: 'long-partition-names',
  severity: 'warning',
  about: 'schema',
  title: 'The name of a partitioned table leaves no room for the names of its partitions.',
  explanation: [
    'A name has at most 63 bytes (manual §4.1.1; bytes, not characters). Partitions are named after their table with _pYYYYMMDD,',
    'or _pYYYYMMDDTHHMI where they begin within a UTC day, so the table has 53 or 48 bytes. A longer name is cut in the names of its',
    'partitions, which are then harder to recognize and may take those of another table. Nothing breaks:',
    'partitions are found by what they inherit from and by their bounds.',
  ].join(' '),
  example: "table('digest_interactions', { … })  // 19 bytes",
  check: ({ managed }) =>
    managed.filter(isPartitionRule).flatMap((rule) => {
      const { every, zone } = rule.attributes;
      const room = nameLimit - (zone === 'UTC' && (roughDays(every ?? '') ?? 1) >= 1 ? dayTail : minuteTail);
      const size = Buffer.byteLength(rule.path[1] ?? '', 'utf8');
      if (size <= room) return [];
      return [
        {
          subject: rule.id,
          message: `the name of table ${pathText(rule.path)} has ${size} bytes, and the names of its partitions leave room for ${room}`,
          hint: 'give it a shorter name (with renamedFrom, if it exists already)',
        },
      ];
    }),
};
