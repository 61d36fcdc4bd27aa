/** How long rows stay, and how many partitions that takes, from partition rules in words. */
import { roughDays } from '../kinds/partition-rule/interval.ts';
import { leavesOf, type PartitionRule } from '../kinds/partition-rule/object.ts';

const daysInYear = 365.25;
/** How far ahead partitions are counted where nothing retires them. */
export const yearsAhead = 5;

/** Days for which a table's rows are kept; infinite where nothing retires them, undefined where the words are not understood. */
export function daysKept(rule: PartitionRule | undefined): number | undefined {
  if (rule?.attributes.key === 'integer') return undefined;
  const retain = rule?.attributes.retain;
  return retain === undefined ? Number.POSITIVE_INFINITY : roughDays(retain);
}

/** Partitions with rows that exist at one time: those kept, the present one, and those made ahead, with all below each. */
export function partitionCount(rule: PartitionRule): number | undefined {
  const count = countOfRule(rule);
  return count === undefined ? undefined : count * leavesOf(rule.attributes.within);
}

function countOfRule(rule: PartitionRule): number | undefined {
  const { key, every, retain, premake, past = 0 } = rule.attributes;
  if (every === undefined) return undefined;
  if (key === 'integer') return retain === undefined ? undefined : Math.ceil(Number(retain) / Number(every)) + 1 + premake;
  const step = roughDays(every);
  const kept = daysKept(rule);
  if (step === undefined || kept === undefined || step === 0) return undefined;
  const days = Number.isFinite(kept) ? kept : yearsAhead * daysInYear;
  // Months are not all of one length: what is off by less than a hundredth of a step is even.
  return Math.max(Math.ceil(days / step - 0.01), past) + 1 + premake;
}
