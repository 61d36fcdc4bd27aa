/**
 * How a partition rule is made, changed and dropped: a row of schemac.partition_rule, and the first
 * window of partitions, made when the migration is applied. No date and no partition is ever named.
 */
import { pathText, type Address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { dollarQuote, qualifiedName, quoteText } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard, lock, storageParameterChanges, tableOf } from '../statements.ts';
import { roughDays } from './interval.ts';
import type { PartitionRule } from './object.ts';

type Column = 'column_name' | 'every' | 'premake' | 'retain' | 'on_retire' | 'archive_schema' | 'grace' | 'zone' | 'template';

function textOrNull(text: string | undefined): string {
  return text === undefined ? 'NULL' : quoteText(text).trim();
}

function values({ attributes }: PartitionRule): { readonly [Name in Column]: string } {
  return {
    column_name: textOrNull(attributes.column),
    every: textOrNull(attributes.every),
    premake: String(attributes.premake),
    retain: textOrNull(attributes.retain),
    on_retire: textOrNull(attributes.onRetire),
    archive_schema: textOrNull(attributes.archiveSchema),
    grace: textOrNull(attributes.grace),
    zone: textOrNull(attributes.zone),
    template: textOrNull(JSON.stringify(attributes.template)),
  };
}

function parent(rule: PartitionRule): string {
  return textOrNull(qualifiedName(rule.path));
}

function where(rule: PartitionRule): string {
  return `WHERE parent = ${parent(rule)}`;
}

function upsert(rule: PartitionRule): string {
  const columns = Object.entries(values(rule));
  return [
    `INSERT INTO schemac.partition_rule (parent, ${columns.map(([name]) => name).join(', ')})`,
    `  VALUES (${parent(rule)}, ${columns.map(([, value]) => value).join(', ')})`,
    `  ON CONFLICT (parent) DO UPDATE SET ${columns.map(([name]) => `${name} = excluded.${name}`).join(', ')}`,
  ].join('\n');
}

/** What the partitions copy from the table must be there before them: keys, checks, indexes, defaults. */
function copiedParts(rule: PartitionRule, context: PlanContext): readonly Address[] {
  return partsOf(context.after, tableOf(rule))
    .filter((part) => part.id !== rule.id && !('references' in part.attributes) && !('text' in part.attributes))
    .flatMap((part) => [
      part.id,
      ...partsOf(context.after, part.id)
        .filter((inner) => 'expression' in inner.attributes)
        .map((inner) => inner.id),
    ]);
}

/** ATTACH copies the table's foreign keys, which stops writes to what they reference (rule book, finding 3). */
function referencedTables(rule: PartitionRule, context: PlanContext): readonly Address[] {
  const keys = partsOf(context.before, tableOf(rule)).filter((part) => context.after.has(part.id));
  return [...new Set(keys.flatMap((part) => ('references' in part.attributes ? [String(part.attributes.references)] : [])))];
}

/** A new table gets its partitions before its foreign keys: the keys then lock the referenced table once. */
function firstWindow(rule: PartitionRule, context: PlanContext): Statement {
  const table = tableOf(rule);
  const referenced = referencedTables(rule, context);
  const body = `
BEGIN
  PERFORM schemac.partition_create(${parent(rule)}, coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
`;
  return statement({
    sql: `DO ${dollarQuote(body)}`,
    purpose: `Make the partitions of ${pathText(rule.path)} from the present one to ${String(rule.attributes.premake)} ahead.`,
    subject: rule.id,
    needs: [...rule.dependsOn, ...copiedParts(rule, context)],
    makes: [rule.id],
    unseen: true,
    locks: [...lock('ShareUpdateExclusiveLock', table), ...lock('ShareRowExclusiveLock', ...referenced)],
    hazards: referenced.map((other) =>
      hazard('locks-other-table', other, 'writes to the referenced table wait while partitions are attached'),
    ),
  });
}

export function createPartitionRule(rule: PartitionRule, context: PlanContext): readonly Statement[] {
  const isOld = !context.isNew(tableOf(rule));
  const row = statement({
    sql: upsert(rule),
    purpose: `Note how ${pathText(rule.path)} is partitioned: every ${rule.attributes.every}.`,
    subject: rule.id,
    needs: rule.dependsOn,
    hazards: isOld && dropsRows(rule) ? [lossHazard(rule)] : [],
    reverse: `DELETE FROM schemac.partition_rule ${where(rule)}`,
  });
  return [row, firstWindow(rule, context)];
}

/** The partitions stay as they are; nothing makes or retires one any more. */
export function dropPartitionRule(rule: PartitionRule): readonly Statement[] {
  const reason = 'no partitions are made any more: inserts fail when the last one is full';
  return [
    statement({
      sql: `DELETE FROM schemac.partition_rule ${where(rule)}`,
      purpose: `Forget the partition rule of ${pathText(rule.path)}; its partitions stay.`,
      subject: rule.id,
      destroys: [rule.id],
      hazards: [hazard('application-order', rule.id, reason)],
      reverse: upsert(rule),
    }),
  ];
}

/** The row is found by the table's name, so it follows a rename of the table. */
export function renamePartitionRule(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const rename = (from: PartitionRule, to: PartitionRule): string =>
    `UPDATE schemac.partition_rule SET parent = ${parent(to)} ${where(from)}`;
  return [
    statement({
      sql: rename(before, after),
      purpose: `Let the partition rule of ${pathText(before.path)} follow it to ${pathText(after.path)}.`,
      subject: after.id,
      reverse: rename(after, before),
    }),
  ];
}

function dropsRows(rule: PartitionRule): boolean {
  return rule.attributes.onRetire === 'drop' && rule.attributes.retain !== undefined;
}

function lossHazard(rule: PartitionRule): Hazard {
  return hazard('data-loss', rule.id, `partitions older than ${rule.attributes.retain ?? ''} are dropped by the next maintenance`);
}

/** Whether maintenance will drop partitions that it would have kept under the rule before. */
function dropsMore(before: PartitionRule, after: PartitionRule): boolean {
  if (!dropsRows(after)) return false;
  if (!dropsRows(before)) return true;
  const [old, now] = [roughDays(before.attributes.retain ?? ''), roughDays(after.attributes.retain ?? '')];
  return old === undefined || now === undefined || now < old;
}

function update(before: PartitionRule, after: PartitionRule, column: Column, purpose: string, hazards: readonly Hazard[] = []): Statement {
  const set = (to: PartitionRule): string => `UPDATE schemac.partition_rule SET ${column} = ${values(to)[column]} ${where(to)}`;
  return statement({
    sql: set(after),
    purpose: `${pathText(after.path)}: ${purpose}`,
    subject: after.id,
    needs: after.dependsOn,
    hazards,
    reverse: set(before),
  });
}

/** What becomes of old partitions is one decision of three attributes, and one row must never be half of it. */
function alterRetirement(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { onRetire, archiveSchema } = after.attributes;
  const set = (to: PartitionRule): string =>
    `UPDATE schemac.partition_rule SET on_retire = ${values(to).on_retire}, archive_schema = ${values(to).archive_schema} ${where(to)}`;
  return [
    statement({
      sql: set(after),
      purpose: `${pathText(after.path)}: partitions past retention are ${onRetire === 'drop' ? 'dropped' : onRetire === 'archive' ? `moved to ${archiveSchema ?? ''}` : 'kept, detached'}.`,
      subject: after.id,
      needs: after.dependsOn,
      hazards: dropsMore(before, after) ? [lossHazard(after)] : [],
      reverse: set(before),
    }),
  ];
}

function alterTemplate(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const table = textOrNull(qualifiedName(after.path));
  return [
    update(before, after, 'template', 'new partitions get other storage parameters.'),
    ...storageParameterChanges(before.attributes.template, after.attributes.template).map((action) =>
      statement({
        sql: [
          `SELECT format('ALTER TABLE %s %s', c.oid::regclass, ${textOrNull(action)})`,
          `  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid`,
          `  WHERE i.inhparent = ${table}::regclass AND c.relkind = 'r' ORDER BY c.oid::regclass::text`,
        ].join('\n'),
        purpose: `Give the partitions of ${pathText(after.path)} that exist the same storage parameters.`,
        subject: after.id,
        step: 'expand',
      }),
    ),
  ];
}

export const partitionRuleRules: AttributeRules<PartitionRule> = {
  column: { statements: (before, after) => [update(before, after, 'column_name', `the partition key is ${after.attributes.column}.`)] },
  every: {
    statements: (before, after) => [
      update(before, after, 'every', `one partition every ${after.attributes.every}, from the end of the last one on.`),
    ],
  },
  premake: {
    statements: (before, after) => [
      update(before, after, 'premake', `${String(after.attributes.premake)} partitions are kept ready ahead.`),
    ],
  },
  retain: {
    statements: (before, after) => [
      update(
        before,
        after,
        'retain',
        after.attributes.retain === undefined ? 'rows are kept for good.' : `rows are kept ${after.attributes.retain}.`,
        dropsMore(before, after) ? [lossHazard(after)] : [],
      ),
    ],
  },
  onRetire: { statements: alterRetirement },
  archiveSchema: {
    statements: (before, after) => (before.attributes.onRetire === after.attributes.onRetire ? alterRetirement(before, after) : []),
  },
  grace: {
    statements: (before, after) => [
      update(
        before,
        after,
        'grace',
        after.attributes.grace === undefined
          ? 'retired partitions wait for nothing.'
          : `retired partitions are kept ${after.attributes.grace} more.`,
      ),
    ],
  },
  zone: { statements: (before, after) => [update(before, after, 'zone', `partitions are cut in the time zone ${after.attributes.zone}.`)] },
  template: { statements: alterTemplate },
};
