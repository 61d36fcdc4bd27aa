/**
 * The verb `migrate`: from parsed arguments to a result. Needs the folder generated/ and the driver,
 * and never imports what compiles.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { migrate } from '../migrate/migrate.ts';
import type { MigrateAction, MigrateResult } from '../migrate/migrate.ts';
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

/** Applies migrations, or shows, records or marks them. Exit code 0, or 1 with diagnostics. */
export async function migrateCommand(given: MigrateArguments): Promise<CommandResult> {
  const problems: Diagnostic[] = [];
  const action = actionOf(given, problems);
  const to = given.to === undefined ? undefined : numberOf('--to', given.to, problems);
  const { phase } = given;
  if (phase !== undefined && phase !== 'expand' && phase !== 'contract')
    problems.push(badArgument('--phase', phase, 'give expand or contract'));
  if (problems.length > 0 || (phase !== undefined && phase !== 'expand' && phase !== 'contract'))
    return { exitCode: 1, diagnostics: problems, json: { diagnostics: problems }, lines: [] };
  const url = given.url ?? process.env['DATABASE_URL'];
  const result = await withSignals((signal) =>
    migrate({
      generated: given.generated ?? 'generated',
      action,
      signal,
      ...(url === undefined ? {} : { url }),
      ...(given.stateSchema === undefined ? {} : { stateSchema: given.stateSchema }),
      ...(to === undefined ? {} : { to }),
      ...(phase === undefined ? {} : { phase }),
      ...(given.amended === true ? { amended: 'accept' as const } : {}),
      ...(given.report === undefined ? {} : { report: given.report }),
    }),
  );
  const failed = result.diagnostics.some(({ severity }) => severity === 'error');
  return { exitCode: failed ? 1 : 0, diagnostics: result.diagnostics, json: result, lines: summary(result, action) };
}
