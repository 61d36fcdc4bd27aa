/** All that the compiler knows of partition rules. In documents a rule is said with its table. */
import type { Kind } from '../contract.ts';
import { partitionRuleAuthor } from './author.ts';
import { introspectPartitionRules } from './introspect.ts';
import type { PartitionRule } from './object.ts';
import { createPartitionRule, dropPartitionRule, partitionRuleRules, renamePartitionRule } from './statements.ts';

export const partitionRuleKind: Kind<PartitionRule> = {
  kind: 'partition-rule',
  introspect: introspectPartitionRules,
  create: createPartitionRule,
  drop: dropPartitionRule,
  alter: partitionRuleRules,
  rename: renamePartitionRule,
  outlivesOwner: true,
  describe: () => [],
  author: partitionRuleAuthor,
};
