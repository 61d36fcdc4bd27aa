/**
 * The verb `migrate`: from parsed arguments to a result. Needs the folder generated/ and the driver,
 * and never imports what compiles.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { migrate } from '../migrate/migrate.ts';
import type { MigrateAction, MigrateResult } from '../migrate/migrate.ts';
import type { Limits } from '../migrate/limits.ts';
import { promisedBy } from './promised-state.ts';
import type { CommandResult, Report } from './result.ts';

export interface MigrateArguments {
  /** The generated folder; `generated` by default. */
  readonly generated?: string;
  /** `--url`; DATABASE_URL and then libpq's variables stand in for it. */
  readonly url?: string;
  readonly stateSchema?: string;
  readonly dryRun?: boolean;
  /** `NNNN`, as `--baseline`, `--to` and `--mark-applied` take it. */
  readonly to?: string;
  readonly baseline?: string;
  /** `NNNN.S`: the migration's number and the step's. */
  readonly markApplied?: string;
  readonly markFailed?: string;
  readonly phase?: string;
  readonly amended?: boolean;
  /** Seconds. */
  readonly lockBudget?: string;
  readonly statementTimeout?: string;
  readonly ifBusy?: string;
  readonly verify?: string;
  readonly report?: Report;
}

function badArgument(flag: string, value: string, wanted: string): Diagnostic {
  return { code: 'bad-argument', severity: 'error', message: `${flag} ${value}: ${wanted}` };
}

/** `0012` or `0012_name` as 12. */
function numberOf(flag: string, value: string, problems: Diagnostic[]): number {
  const match = /^(\d+)(?:_.*)?$/s.exec(value);
  if (match?.[1] === undefined) problems.push(badArgument(flag, value, 'give the number of a migration, such as 0012'));
  return Number(match?.[1] ?? 0);
}

function markOf(flag: string, value: string, as: 'done' | 'failed', problems: Diagnostic[]): MigrateAction {
  const match = /^(\d+)\.(\d+)$/.exec(value);
  if (match === null) problems.push(badArgument(flag, value, 'give a migration and a step of it, such as 12.3'));
  return { action: 'mark', migration: Number(match?.[1] ?? 0), step: Number(match?.[2] ?? 0), as };
}

function actionOf(given: MigrateArguments, problems: Diagnostic[]): MigrateAction {
  const actions: readonly (readonly [string, MigrateAction])[] = [
    ...(given.dryRun === true ? [['--dry-run', { action: 'dry-run' }] as const] : []),
    ...(given.baseline === undefined
      ? []
      : [['--baseline', { action: 'baseline', through: numberOf('--baseline', given.baseline, problems) }] as const]),
    ...(given.markApplied === undefined
      ? []
      : [['--mark-applied', markOf('--mark-applied', given.markApplied, 'done', problems)] as const]),
    ...(given.markFailed === undefined ? [] : [['--mark-failed', markOf('--mark-failed', given.markFailed, 'failed', problems)] as const]),
  ];
  if (actions.length > 1)
    problems.push({
      code: 'bad-argument',
      severity: 'error',
      message: `${actions.map(([flag]) => flag).join(' and ')} exclude each other`,
      hint: 'run them one after the other',
    });
  return actions[0]?.[1] ?? { action: 'apply' };
}

function secondsOf(flag: string, value: string, problems: Diagnostic[]): number {
  const seconds = Number(value);
  if (value.trim() === '' || !(seconds >= 0)) problems.push(badArgument(flag, value, 'give a number of seconds'));
  return seconds * 1000;
}

function limitsOf(given: MigrateArguments, problems: Diagnostic[]): Partial<Limits> {
  const { lockBudget, statementTimeout } = given;
  return {
    ...(lockBudget === undefined ? {} : { lockBudget: secondsOf('--lock-budget', lockBudget, problems) }),
    ...(statementTimeout === undefined ? {} : { statementTimeout: secondsOf('--statement-timeout', statementTimeout, problems) }),
  };
}

/** One of the words that an option takes; `undefined` where it was not given, or is none of them. */
function choiceOf<Word extends string>(
  flag: string,
  value: string | undefined,
  words: readonly Word[],
  problems: Diagnostic[],
): Word | undefined {
  const choice = words.find((word) => word === value);
  if (value !== undefined && choice === undefined) problems.push(badArgument(flag, value, `give ${words.join(' or ')}`));
  return choice;
}

/** Turns SIGINT and SIGTERM into an abort while the action runs; a second signal ends the process as it always does. */
async function withSignals<Result>(action: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  try {
    return await action(controller.signal);
  } finally {
    process.removeListener('SIGINT', abort);
    process.removeListener('SIGTERM', abort);
  }
}

function summary(result: MigrateResult, action: MigrateAction): readonly string[] {
  if (result.diagnostics.some(({ severity }) => severity === 'error'))
    return result.applied.map((name) => `applied ${name} to ${result.database}`);
  if (result.diagnostics.some(({ code }) => code === 'runner-busy')) return [];
  if (action.action === 'dry-run') return result.sql.length > 0 ? result.sql : [`-- nothing to do: ${result.database} is current`];
  const verb = action.action === 'apply' ? 'applied' : action.action === 'baseline' ? 'recorded as applied:' : `marked as ${action.as}:`;
  const done = result.applied.map((name) => `${verb} ${name}`);
  const left = result.pending.map((name) => `left: ${name}`);
  if (done.length + left.length === 0) return [`nothing to do: ${result.database} is current`];
  return [
    ...done,
    ...left,
    `${result.database} (PostgreSQL ${result.server ?? '?'}): ${String(result.applied.length)} done, ${String(result.pending.length)} left`,
  ];
}

function exitCodeOf({ diagnostics }: MigrateResult): 0 | 1 | 2 {
  if (diagnostics.some(({ severity }) => severity === 'error')) return 1;
  return diagnostics.some(({ code }) => code === 'runner-busy') ? 2 : 0;
}

/**
 * Applies migrations, or shows, records or marks them. Exit code 0; 1 with diagnostics, also where a
 * signal ended it; 2 where it left because another runner was at work.
 */
export async function migrateCommand(given: MigrateArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const action = actionOf(given, problems);
  const to = given.to === undefined ? undefined : numberOf('--to', given.to, problems);
  const phase = choiceOf('--phase', given.phase, ['expand', 'contract'], problems);
  const whenBusy = choiceOf('--if-busy', given.ifBusy, ['wait', 'leave'], problems);
  const verify = choiceOf('--verify', given.verify, ['each', 'ends', 'off'], problems);
  const limits = limitsOf(given, problems);
  if (problems.length > 0) return { exitCode: 1, diagnostics: problems, json: { diagnostics: problems }, lines: [] };
  const url = given.url ?? process.env['DATABASE_URL'];
  const result = await withSignals((signal) =>
    migrate({
      generated: given.generated ?? 'generated',
      action,
      limits,
      signal,
      ...(url === undefined ? {} : { url }),
      ...(given.stateSchema === undefined ? {} : { stateSchema: given.stateSchema }),
      ...(to === undefined ? {} : { to }),
      ...(phase === undefined ? {} : { phase }),
      ...(whenBusy === undefined ? {} : { whenBusy }),
      ...(verify === undefined ? {} : { verify }),
      promised: () => promisedBy(given.generated ?? 'generated'),
      ...(given.amended === true ? { amended: 'accept' as const } : {}),
      ...(given.report === undefined ? {} : { report: given.report }),
    }),
  );
  return { exitCode: exitCodeOf(result), diagnostics: result.diagnostics, json: result, lines: summary(result, action) };
}
