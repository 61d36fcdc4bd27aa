/**
 * The verb `partitions`: plan, apply and check, from parsed arguments to a result. Needs the driver
 * alone: the rules are in the database.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { applyPartitions } from '../partitions/apply.ts';
import { attachPartition, detachPartition } from '../partitions/attach.ts';
import { checkPartitions } from '../partitions/check.ts';
import type { MaintenanceResult, PartitionOptions } from '../partitions/options.ts';
import { planPartitions } from '../partitions/plan.ts';
import { oneDatabase } from './database-list.ts';
import { badArgument } from './migrate-arguments.ts';
import { checkLines, planLines, resultLines } from './partition-lines.ts';
import type { CommandResult, Report } from './result.ts';
import { withSignals } from './signals.ts';

export interface PartitionArguments {
  readonly url?: string;
  readonly stateSchema?: string;
  readonly at?: string;
  readonly table?: readonly string[];
  readonly force?: true;
  /** Seconds. */
  readonly lockBudget?: string;
  readonly detachDeadline?: string;
  readonly exportTo?: string;
  readonly ifBusy?: string;
  readonly report?: Report;
}

function milliseconds(flag: string, value: string, problems: Diagnostic[]): number {
  const seconds = Number(value);
  if (value.trim() === '' || !(seconds >= 0)) problems.push(badArgument(flag, value, 'give a number of seconds'));
  return seconds * 1000;
}

/** What PostgreSQL reads in the same way whatever a session is set to. */
const moment = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?$/i;

function optionsOf(given: PartitionArguments, problems: Diagnostic[]): PartitionOptions {
  const { at, lockBudget, detachDeadline, exportTo, ifBusy, report, stateSchema, table } = given;
  const url = oneDatabase(given);
  if (at !== undefined && !moment.test(at)) problems.push(badArgument('--at', at, 'give a time such as 2027-03-01T00:00Z'));
  return {
    ...(url === undefined ? {} : { url }),
    ...(stateSchema === undefined ? {} : { stateSchema }),
    ...(at === undefined ? {} : { at }),
    ...(table === undefined ? {} : { tables: table }),
    ...(given.force === true ? { caution: 'none' as const } : {}),
    ...(exportTo === undefined ? {} : { exportFolder: exportTo }),
    ...(report === undefined ? {} : { report }),
    whenBusy: ifBusy === 'leave' ? 'leave' : 'wait',
    limits: {
      ...(lockBudget === undefined ? {} : { lockBudget: milliseconds('--lock-budget', lockBudget, problems) }),
      ...(detachDeadline === undefined ? {} : { detachDeadline: milliseconds('--detach-deadline', detachDeadline, problems) }),
    },
  };
}

function failed(problems: readonly Diagnostic[]): CommandResult {
  return { exitCode: 1, diagnostics: problems, json: { diagnostics: problems }, lines: [] };
}

const hasError = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ severity }) => severity === 'error');

/** What a run would do, and what comes next. Exit code 2 where there is something to do. */
export async function planCommand(given: PartitionArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const options = optionsOf(given, problems);
  if (problems.length > 0) return failed(problems);
  const result = await planPartitions(options);
  const exitCode = hasError(result.diagnostics) ? 1 : result.steps.length > 0 ? 2 : 0;
  return { exitCode, diagnostics: result.diagnostics, json: result, lines: result.at === undefined ? [] : planLines(result) };
}

function exitCodeOf({ steps, diagnostics }: MaintenanceResult): 0 | 1 | 2 {
  if (hasError(diagnostics)) return 1;
  return diagnostics.length > 0 || steps.some(({ outcome }) => outcome !== 'done') ? 2 : 0;
}

/** Who sets the clock ahead retires what is not old yet: that is asked for twice. */
function refuseFuture({ at }: PartitionArguments): readonly Diagnostic[] {
  if (at === undefined || new Date(at.length === 10 ? `${at}T00:00Z` : at).getTime() <= Date.now() + 86_400_000) return [];
  return [
    {
      code: 'time-ahead',
      severity: 'error',
      message: `--at ${at} is still to come: apply would retire partitions whose rows are not old yet`,
      hint: 'look at it with npx schemac partitions plan --at …; add --force where you mean it, on a copy of the database',
    },
  ];
}

/** Does it. Exit code 2 where something is left: beyond the limit, or since locks did not come. */
export async function applyCommand(given: PartitionArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = given.force === true ? [] : [...refuseFuture(given)];
  const options = optionsOf(given, problems);
  if (problems.length > 0) return failed(problems);
  const result = await withSignals((signal) => applyPartitions({ ...options, signal }));
  return { exitCode: exitCodeOf(result), diagnostics: result.diagnostics, json: result, lines: resultLines(result) };
}

const interval = /^\d+ (minute|hour|day|week|month)s?$/;

/** Attaches a retired partition for a while. */
export async function attachCommand(partition: string, given: PartitionArguments & { readonly for?: string }): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const { for: hold = '7 days' } = given;
  if (!interval.test(hold)) problems.push(badArgument('--for', hold, "give an amount and a unit, such as '3 days'"));
  const options = optionsOf(given, problems);
  if (problems.length > 0) return failed(problems);
  const result = await withSignals((signal) => attachPartition({ ...options, signal }, partition, hold));
  return { exitCode: exitCodeOf(result), diagnostics: result.diagnostics, json: result, lines: resultLines(result) };
}

/** Detaches a partition at once. */
export async function detachCommand(partition: string, given: PartitionArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const options = optionsOf(given, problems);
  if (problems.length > 0) return failed(problems);
  const result = await withSignals((signal) => detachPartition({ ...options, signal }, partition));
  return { exitCode: exitCodeOf(result), diagnostics: result.diagnostics, json: result, lines: resultLines(result) };
}

/** For monitoring. Exit code 2 where a finding is more than a notice, 1 where it could not be found out. */
export async function checkCommand(given: PartitionArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const options = optionsOf(given, problems);
  if (problems.length > 0) return failed(problems);
  const result = await checkPartitions(options);
  const found = result.diagnostics.some(({ severity }) => severity !== 'notice');
  const exitCode = result.at === undefined ? 1 : found ? 2 : 0;
  return { exitCode, diagnostics: result.diagnostics, json: result, lines: checkLines(result) };
}
