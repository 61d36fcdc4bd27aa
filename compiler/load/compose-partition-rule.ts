/**
 * A partition rule becomes an object, where it is legal: its key is a column of a type that the rule is
 * about, its intervals divide the calendar, and what it keeps is longer than one partition.
 */
import { dividesDay, dividesYear, roughDays } from '../kinds/partition-rule/interval.ts';
import { declarePartitionRule } from '../kinds/partition-rule/declare.ts';
import type { PartitionRuleAttributes } from '../kinds/partition-rule/object.ts';
import { declarePartitionSupport } from '../kinds/partition-support/declare.ts';
import type { CountRule, ForeignRule, PartitionInput, RangeRule, TimeRule } from '../dsl/partitions.ts';
import { checkSchema, isInterval, schemaNeeds, storage } from './common-parts.ts';
import { composePartedAgain } from './compose-parted-again.ts';
import { present } from './context.ts';
import type { TableContext } from './compose-table.ts';

/** Adds the rule and the support behind it; reports what is wrong with it. */
export function composePartitionRule(by: PartitionInput, rule: RangeRule, inner: TableContext): void {
  const column = by.keys[0];
  if (by.keys.length !== 1 || typeof column !== 'string') {
    report(inner, {
      code: 'invalid-partition-rule',
      what: `has a partition rule on a key that is not one column`,
      hint: "a rule needs one column: range('created_at', { every: '1 month' })",
    });
    return;
  }
  const archive = 'every' in rule && typeof rule.onRetire === 'object' ? rule.onRetire.archive : undefined;
  if (archive !== undefined) checkSchema(archive, inner.table.origin, ['partitionBy', 'onRetire'], inner);
  if ('every' in rule) checkRule(rule, column, inner);
  const support = declarePartitionSupport();
  inner.add(support, inner.table.origin, ['partitionBy'], {});
  const attributes = 'managedBy' in rule ? foreignAttributes(rule) : ownAttributes(rule, archive);
  const again =
    'every' in rule && rule.within !== undefined ? composePartedAgain(rule.within, ['partitionBy', 'within'], inner) : undefined;
  const needs = [support.id, ...(archive === undefined ? [] : schemaNeeds(archive)), ...(again?.needs ?? [])];
  const within = present({ within: again?.within });
  inner.add(declarePartitionRule({ path: inner.path, column, ...attributes, ...within, needs }), inner.table.origin, ['partitionBy'], {});
}

type Attributes = Omit<PartitionRuleAttributes, 'column'>;

function foreignAttributes({ managedBy }: ForeignRule): Attributes {
  return { premake: 0, onRetire: 'keep', zone: 'UTC', template: {}, managedBy };
}

function isCounted(rule: TimeRule | CountRule): rule is CountRule {
  return typeof rule.every !== 'string';
}

function ownAttributes(rule: TimeRule | CountRule, archive: string | undefined): Attributes {
  const { premake = 3, past, onRetire = 'keep', grace, retireAtMost, exportBeforeDrop, tablespace, analyzeEvery } = rule;
  const key = isCounted(rule) ? ('integer' as const) : typeof rule.key === 'object' ? ('snowflake' as const) : rule.key;
  const snowflake = !isCounted(rule) && typeof rule.key === 'object' ? rule.key : undefined;
  return {
    ...present({ key, bits: snowflake === undefined ? undefined : (snowflake.bits ?? 22) }),
    ...present({ epoch: snowflake === undefined ? undefined : moment(snowflake.epoch) }),
    every: String(rule.every),
    premake,
    ...present({ past: past === 0 ? undefined : past, retain: rule.retain === undefined ? undefined : String(rule.retain) }),
    ...present({ archiveSchema: archive, grace, retireLimit: retireAtMost === 10 ? undefined : retireAtMost }),
    ...(exportBeforeDrop === true ? { exports: true } : {}),
    onRetire: typeof onRetire === 'object' ? 'archive' : onRetire,
    zone: isCounted(rule) ? 'UTC' : (rule.zone ?? 'UTC'),
    template: storage(rule.template),
    ...present({ tablespace, analyzeEvery }),
  };
}

/** A moment in the one form in which it is read back. */
function moment(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

interface Fault {
  readonly code: string;
  /** What the table does wrong, as the rest of a sentence. */
  readonly what: string;
  readonly hint: string;
  /** Which field of the rule. */
  readonly at?: string;
}

function report(inner: TableContext, { code, what, hint, at }: Fault): void {
  const keys = ['partitionBy', ...(at === undefined ? [] : [at])];
  inner.report({ code, message: `table "${inner.table.name}" ${what}`, hint, at: inner.table.origin, keys });
}

function checkRule(rule: TimeRule | CountRule, column: string, inner: TableContext): void {
  checkKeyType(rule, column, inner);
  checkIntervals(rule, inner);
  checkCounts(rule, inner);
  if (isCounted(rule)) checkSpan(inner, rule, Number(rule.every), rule.retain === undefined ? undefined : Number(rule.retain));
  else {
    checkDivision(rule, column, inner);
    checkSpan(inner, rule, roughDays(rule.every), rule.retain === undefined ? undefined : roughDays(rule.retain));
  }
  if (rule.grace !== undefined && (rule.onRetire ?? 'keep') === 'keep') {
    report(inner, {
      code: 'invalid-partition-rule',
      what: 'has a grace for partitions that are never dropped',
      hint: "say what becomes of them: onRetire: 'drop', or onRetire: { archive: 'archive' }",
      at: 'grace',
    });
  }
}

const times = /^(date|timestamp(\(\d\))?( with(out)? time zone)?|timestamptz(\(\d\))?)$/;

function checkKeyType(rule: TimeRule | CountRule, column: string, inner: TableContext): void {
  const found = inner.table.columnList.find(({ name }) => name === column);
  const type = found === undefined ? undefined : inner.typeOf(inner.table, found)?.text;
  if (type === undefined) return;
  const key = isCounted(rule) ? 'integer' : typeof rule.key === 'object' ? 'snowflake' : (rule.key ?? 'time');
  const fits = {
    time: times.test(type),
    uuidv7: type === 'uuid',
    snowflake: type === 'bigint',
    integer: ['bigint', 'integer', 'smallint'].includes(type),
  }[key];
  if (fits) return;
  const hints = {
    time: "use a date or timestamptz column; for an id that holds its time say key: 'uuidv7' or key: { epoch: '…' }, for a number every: 1_000_000",
    uuidv7: 'the column must be a uuid',
    snowflake: 'the column must be a bigint',
    integer: "the column must be an integer or a bigint; for a time write every: '1 month'",
  };
  report(inner, {
    code: 'invalid-partition-rule',
    what: `has a partition rule by ${key} on "${column}", which is ${type}`,
    hint: hints[key],
  });
}

function checkIntervals(rule: TimeRule | CountRule, inner: TableContext): void {
  for (const name of ['every', 'retain', 'grace', 'analyzeEvery'] as const) {
    const text: unknown = rule[name];
    const isNumber = isCounted(rule) && (name === 'every' || name === 'retain');
    if (text === undefined ? name !== 'every' : isNumber ? Number(text) > 0 && Number.isInteger(Number(text)) : isInterval(text)) continue;
    inner.report({
      code: 'invalid-interval',
      message: `the partition rule of table "${inner.table.name}" has ${name}: ${isNumber ? String(text) : JSON.stringify(text)}, which is no ${isNumber ? 'positive whole number' : 'interval'}`,
      hint: "write an amount and a unit, such as '1 month', '7 days' or '12 hours'",
      at: inner.table.origin,
      keys: ['partitionBy', name],
    });
  }
}

function checkCounts(rule: TimeRule | CountRule, inner: TableContext): void {
  for (const [name, least] of [['premake', 0] as const, ['past', 0] as const, ['retireAtMost', 1] as const]) {
    const count = rule[name];
    if (count === undefined || (Number.isInteger(count) && count >= least && count <= 999)) continue;
    const hint = `write a whole number from ${String(least)} to 999`;
    report(inner, { code: 'invalid-partition-rule', what: `has a partition rule with ${name}: ${String(count)}`, hint, at: name });
  }
}

const oneUnit = /^\s*(\d+)\s*(year|mon|month|week|day|hour|hr|minute|min)s?\s*$/i;

/** Partitions are cut on the calendar: one that does not divide it would begin elsewhere each time. */
function checkDivision(rule: TimeRule, column: string, inner: TableContext): void {
  if (!isInterval(rule.every)) return;
  const [, amount = '0', unit = ''] = oneUnit.exec(rule.every) ?? [];
  const count = Number(amount);
  const isWhole = { year: true, week: true, day: true, mon: dividesYear(count), month: dividesYear(count) }[unit.toLowerCase()];
  const minutes = { hour: 60, hr: 60, minute: 1, min: 1 }[unit.toLowerCase()];
  if ((count > 0 && isWhole === true) || (minutes !== undefined && dividesDay(count * minutes))) {
    const found = inner.table.columnList.find(({ name }) => name === column);
    const type = found === undefined ? undefined : inner.typeOf(inner.table, found)?.text;
    if (minutes === undefined || type !== 'date') return;
    report(inner, {
      code: 'partition-interval',
      what: `has partitions of ${rule.every} on "${column}", which is a date`,
      hint: 'use whole days, weeks, months or years, or partition by a timestamptz',
      at: 'every',
    });
    return;
  }
  report(inner, {
    code: 'partition-interval',
    what: `has partitions of ${JSON.stringify(rule.every)}, which do not divide the calendar`,
    hint: 'use months that divide a year (1, 2, 3, 4, 6), whole years, weeks or days, or hours and minutes that divide a day; one unit, not a mixture',
    at: 'every',
  });
}

function checkSpan(inner: TableContext, rule: TimeRule | CountRule, every: number | undefined, retain: number | undefined): void {
  if (every === undefined || retain === undefined || !(every > 0)) return;
  if (retain < every * 0.98) {
    report(inner, {
      code: 'retention-shorter-than-partition',
      what: `keeps rows for ${String(rule.retain)} in partitions of ${String(rule.every)}`,
      hint: 'a partition goes as a whole: keep rows for one partition at least, or make partitions shorter',
      at: 'retain',
    });
  } else if ((rule.past ?? 0) * every > retain * 1.02) {
    report(inner, {
      code: 'retention-shorter-than-partition',
      what: `has ${String(rule.past)} partitions ready behind the present one and keeps rows for ${String(rule.retain)}`,
      hint: 'partitions older than the retention would be retired at once: make past smaller',
      at: 'past',
    });
  }
}
