/**
 * How a partition rule is made, changed and dropped: a row of schemac.partition_rule, and the first
 * window of partitions, made when the migration is applied. No date and no partition is ever named.
 */
import { pathText, type Address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { firstPartitionMark } from '../first-partition.ts';
import { hazard, lock, referencingTables, storageParameterChanges, tableOf } from '../statements.ts';
import { roughDays } from './interval.ts';
import { leavesOf, usualRetireLimit, type PartitionRule } from './object.ts';
import { createNow, parent, textOrNull, updateColumns, upsert, where, type Column } from './row.ts';

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
  const referencing = referencingTables(table, context.after).filter((other) => !context.isNew(other));
  return statement({
    sql: createNow(rule),
    purpose: `Make the partitions of ${pathText(rule.path)} from the present one to ${String(rule.attributes.premake)} ahead.`,
    subject: rule.id,
    needs: [...rule.dependsOn, ...copiedParts(rule, context), firstPartitionMark(rule.path)],
    makes: [rule.id],
    unseen: true,
    locks: [...lock('ShareUpdateExclusiveLock', table), ...lock('ShareRowExclusiveLock', ...referenced, ...referencing)],
    hazards: [
      ...referenced.map((other) => hazard('locks-other-table', other, 'writes to the referenced table wait while partitions are attached')),
      ...referencing.map((other) =>
        hazard('locks-other-table', other, 'writes to the referencing table wait while partitions are attached'),
      ),
    ],
  });
}

export function createPartitionRule(rule: PartitionRule, context: PlanContext): readonly Statement[] {
  const isOld = !context.isNew(tableOf(rule)) || context.before.has(tableOf(rule));
  const row = statement({
    sql: upsert(rule),
    purpose: `Note how ${pathText(rule.path)} is partitioned: ${inWords(rule)}.`,
    subject: rule.id,
    needs: [...rule.dependsOn, firstPartitionMark(rule.path)],
    hazards: isOld && dropsRows(rule) ? [lossHazard(rule)] : [],
    reverse: `DELETE FROM schemac.partition_rule ${where(rule)}`,
  });
  return rule.attributes.managedBy === undefined ? [row, firstWindow(rule, context)] : [row];
}

function inWords({ attributes }: PartitionRule): string {
  if (attributes.managedBy !== undefined) return `by ${attributes.managedBy}`;
  return `every ${attributes.every ?? ''}${attributes.key === 'integer' ? ' keys' : ''}`;
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
  const rename = (table: string, from: PartitionRule, to: PartitionRule): string =>
    `UPDATE schemac.${table} SET parent = ${parent(to)} ${where(from)}`;
  const names = `${pathText(before.path)} follow it to ${pathText(after.path)}`;
  const followers = {
    partition_rule: `Let the partition rule of ${names}.`,
    partition_log: `Let what is noted of the partitions of ${names}.`,
  };
  return Object.entries(followers).map(([table, purpose]) =>
    statement({ sql: rename(table, before, after), purpose, subject: after.id, reverse: rename(table, after, before) }),
  );
}

/** An archive with a grace ends as dropping does, only later. */
function dropsRows({ attributes }: PartitionRule): boolean {
  const { retain, onRetire, grace } = attributes;
  return retain !== undefined && (onRetire === 'drop' || (onRetire === 'archive' && grace !== undefined));
}

function lossHazard(rule: PartitionRule): Hazard {
  const { retain = '', grace } = rule.attributes;
  return hazard(
    'data-loss',
    rule.id,
    `partitions older than ${retain}${grace === undefined ? '' : ` and ${grace} of grace`} are dropped by the next maintenance`,
  );
}

/** Roughly for how many days, or keys, rows are there before they are dropped. */
function kept({ attributes }: PartitionRule): number | undefined {
  const { key, retain = '', grace } = attributes;
  const [long, after] = [key === 'integer' ? Number(retain) : roughDays(retain), grace === undefined ? 0 : roughDays(grace)];
  return long === undefined || after === undefined ? undefined : long + after;
}

/** Whether maintenance will drop partitions that it would have kept under the rule before. */
function dropsMore(before: PartitionRule, after: PartitionRule): boolean {
  if (!dropsRows(after)) return false;
  if (!dropsRows(before)) return true;
  const [old, now] = [kept(before), kept(after)];
  return old === undefined || now === undefined || now < old;
}

/** The hazard of a change, said by the first attribute that changes towards it. */
function losses(before: PartitionRule, after: PartitionRule): readonly Hazard[] {
  return dropsMore(before, after) ? [lossHazard(after)] : [];
}

function update(
  before: PartitionRule,
  after: PartitionRule,
  columns: Column | readonly Column[],
  purpose: string,
  hazards: readonly Hazard[] = [],
): Statement {
  const list = typeof columns === 'string' ? [columns] : columns;
  return statement({
    sql: updateColumns(after, list),
    purpose: `${pathText(after.path)}: ${purpose}`,
    subject: after.id,
    needs: after.dependsOn,
    hazards,
    reverse: updateColumns(before, list),
  });
}

/** What becomes of old partitions is one decision of three attributes, and one row must never be half of it. */
function alterRetirement(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { onRetire, archiveSchema = '' } = after.attributes;
  const words = onRetire === 'drop' ? 'dropped' : onRetire === 'archive' ? `moved to ${archiveSchema}` : 'kept, detached';
  return [update(before, after, ['on_retire', 'archive_schema'], `partitions past retention are ${words}.`, losses(before, after))];
}

function alterTemplate(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const table = textOrNull(qualifiedName(after.path));
  return [
    update(before, after, 'template', 'new partitions get other storage parameters.'),
    ...storageParameterChanges(before.attributes.template, after.attributes.template).map((action) =>
      statement({
        sql: [
          `SELECT format('ALTER TABLE %s %s', c.oid::regclass, ${textOrNull(action)})`,
          `  FROM pg_partition_tree(${table}::regclass) t JOIN pg_class c ON c.oid = t.relid`,
          `  WHERE t.level > 0 AND c.relkind = 'r' ORDER BY c.oid::regclass::text`,
        ].join('\n'),
        purpose: `Give the partitions of ${pathText(after.path)} that exist the same storage parameters.`,
        subject: after.id,
        step: 'expand',
      }),
    ),
  ];
}

function alterEvery(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { every = '', key } = after.attributes;
  const words = key === 'integer' ? `${every} keys` : every;
  return [update(before, after, ['every', 'step'], `one partition every ${words}, from the end of the last one on.`)];
}

function alterRetain(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { retain } = after.attributes;
  const words = retain === undefined ? 'rows are kept for good.' : `rows are kept ${retain}.`;
  // A retention of numbers has a column of its own; a key of another sort is another rule.
  const columns = after.attributes.key === 'integer' ? (['retain', 'retain_keys'] as const) : 'retain';
  return [update(before, after, columns, words, losses(before, after))];
}

function alterGrace(before: PartitionRule, after: PartitionRule): readonly Statement[] {
  const { grace } = after.attributes;
  const words = grace === undefined ? 'retired partitions wait for nothing.' : `retired partitions are kept ${grace} more.`;
  return [update(before, after, 'grace', words, losses(before, after))];
}

/** Whoever hands partitions over to us gets those that are missing at once; whoever takes them over from us makes them. */
function alterManager(before: PartitionRule, after: PartitionRule, context: PlanContext): readonly Statement[] {
  const { managedBy } = after.attributes;
  const words = managedBy === undefined ? 'partitions are made and retired by this rule.' : `partitions are left to ${managedBy}.`;
  const row = update(before, after, 'managed_by', words, losses(before, after));
  return managedBy === undefined ? [row, { ...firstWindow(after, context), makes: [] }] : [row];
}

const says =
  (column: Column | readonly Column[], words: (attributes: PartitionRule['attributes']) => string) =>
  (before: PartitionRule, after: PartitionRule): readonly Statement[] => [update(before, after, column, words(after.attributes))];

export const partitionRuleRules: AttributeRules<PartitionRule> = {
  column: { statements: says('column_name', ({ column }) => `the partition key is ${column}.`) },
  key: { statements: says('key', ({ key = 'time' }) => `the partition key holds ${key === 'time' ? 'times' : key}.`) },
  epoch: { statements: says('epoch', ({ epoch = '' }) => `ids count from ${epoch}.`) },
  bits: { statements: says('bits', ({ bits = 0 }) => `ids have ${String(bits)} bits below the time.`) },
  every: { statements: alterEvery },
  premake: { statements: says('premake', ({ premake }) => `${String(premake)} partitions are kept ready ahead.`) },
  past: { statements: says('past', ({ past = 0 }) => `${String(past)} partitions are kept ready behind the present one.`) },
  retain: { statements: alterRetain },
  onRetire: { statements: alterRetirement },
  archiveSchema: {
    statements: (before, after) => (before.attributes.onRetire === after.attributes.onRetire ? alterRetirement(before, after) : []),
  },
  grace: { statements: alterGrace },
  retireLimit: {
    statements: says('retire_limit', ({ retireLimit = usualRetireLimit }) => `one run retires ${String(retireLimit)} partitions at most.`),
  },
  exports: {
    statements: says(
      'exports',
      ({ exports = false }) => `partitions are ${exports ? '' : 'not '}written to a file before they are dropped.`,
    ),
  },
  zone: { statements: says('zone', ({ zone }) => `partitions are cut in the time zone ${zone}.`) },
  template: { statements: alterTemplate },
  within: {
    statements: says('within', ({ within }) =>
      within === undefined
        ? 'new partitions hold their rows themselves; those that are there stay as they are.'
        : `each new partition is partitioned by ${within.key} into ${String(leavesOf(within))}; those that are there stay as they are.`,
    ),
  },
  tablespace: {
    statements: says('tablespace', ({ tablespace }) => `new partitions lie in ${tablespace ?? 'the tablespace of the table'}.`),
  },
  analyzeEvery: {
    statements: says(
      'analyze_every',
      ({ analyzeEvery }) => `the table is analyzed ${analyzeEvery === undefined ? 'when partitions come or go' : `every ${analyzeEvery}`}.`,
    ),
  },
  managedBy: { statements: alterManager },
};
