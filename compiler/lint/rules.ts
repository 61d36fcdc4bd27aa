/**
 * The only list of lint rules, in the order in which they run. The last one asks what the others
 * left unused, so it stays last.
 */
import type { LintRule } from './rule.ts';
import { blockingQuestion } from './rules/blocking-question.ts';
import { charType } from './rules/char-type.ts';
import { defaultPartition } from './rules/default-partition.ts';
import { duplicateIndex } from './rules/duplicate-index.ts';
import { enumType } from './rules/enum-type.ts';
import { expiredIgnore } from './rules/expired-ignore.ts';
import { foreignKeyFromPartitionedTable } from './rules/foreign-key-from-partitioned-table.ts';
import { foreignKeyToPartitionedTable } from './rules/foreign-key-to-partitioned-table.ts';
import { foreignKeyWithoutIndex } from './rules/foreign-key-without-index.ts';
import { indexWithoutQuery } from './rules/index-without-query.ts';
import { integerKey } from './rules/integer-key.ts';
import { jsonType } from './rules/json-type.ts';
import { longPartitionNames } from './rules/long-partition-names.ts';
import { noPrimaryKey } from './rules/no-primary-key.ts';
import { nullablePartitionKey } from './rules/nullable-partition-key.ts';
import { partitionCountRule } from './rules/partition-count.ts';
import { personalDataWithoutDoc } from './rules/personal-data-without-doc.ts';
import { policyWithoutRowSecurity } from './rules/policy-without-row-security.ts';
import { prefixIndex } from './rules/prefix-index.ts';
import { publicationWithoutIdentity } from './rules/publication-without-identity.ts';
import { queryWithoutIndex } from './rules/query-without-index.ts';
import { renamedFromCanGo } from './rules/renamed-from-can-go.ts';
import { retentionOrder } from './rules/retention-order.ts';
import { rowSecurityWithoutPolicy } from './rules/row-security-without-policy.ts';
import { serialDefault } from './rules/serial-default.ts';
import { softReferenceWithoutIndex } from './rules/soft-reference-without-index.ts';
import { stableDefaultForOldRows } from './rules/stable-default-for-old-rows.ts';
import { staleReview } from './rules/stale-review.ts';
import { superfluousIndex } from './rules/superfluous-index.ts';
import { suppressionWithoutReason } from './rules/suppression-without-reason.ts';
import { tableRewrite } from './rules/table-rewrite.ts';
import { timestampWithoutTimeZone } from './rules/timestamp-without-time-zone.ts';
import { undocumentedColumn } from './rules/undocumented-column.ts';
import { undocumentedConstraint } from './rules/undocumented-constraint.ts';
import { undocumentedIndex } from './rules/undocumented-index.ts';
import { undocumentedTable } from './rules/undocumented-table.ts';
import { undocumentedType } from './rules/undocumented-type.ts';
import { undocumentedView } from './rules/undocumented-view.ts';
import { unknownLintCode } from './rules/unknown-lint-code.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';
import { uuidV4PrimaryKey } from './rules/uuid-v4-primary-key.ts';
import { varcharLimit } from './rules/varchar-limit.ts';
import { volatileDefaultForOldRows } from './rules/volatile-default-for-old-rows.ts';

export const rules: readonly LintRule[] = [
  undocumentedTable,
  undocumentedColumn,
  undocumentedIndex,
  undocumentedConstraint,
  undocumentedView,
  undocumentedType,
  personalDataWithoutDoc,
  charType,
  varcharLimit,
  timestampWithoutTimeZone,
  jsonType,
  enumType,
  integerKey,
  serialDefault,
  noPrimaryKey,
  publicationWithoutIdentity,
  uuidV4PrimaryKey,
  foreignKeyWithoutIndex,
  softReferenceWithoutIndex,
  duplicateIndex,
  prefixIndex,
  indexWithoutQuery,
  superfluousIndex,
  queryWithoutIndex,
  nullablePartitionKey,
  defaultPartition,
  partitionCountRule,
  retentionOrder,
  longPartitionNames,
  foreignKeyFromPartitionedTable,
  foreignKeyToPartitionedTable,
  rowSecurityWithoutPolicy,
  policyWithoutRowSecurity,
  stableDefaultForOldRows,
  volatileDefaultForOldRows,
  tableRewrite,
  renamedFromCanGo,
  blockingQuestion,
  staleReview,
  expiredIgnore,
  unknownLintCode,
  suppressionWithoutReason,
  unusedSuppression,
];
