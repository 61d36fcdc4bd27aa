/** The arguments of the verb `migrate`: what they may be, and what they mean to the runner. Connects nowhere. */
import type { FleetEvent } from '../migrate/fleet.ts';
import type { Limits } from '../migrate/limits.ts';
import type { MigrateAction } from '../migrate/run.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DatabaseListArguments } from './database-list.ts';
import { promisedBy } from './promised-state.ts';
import type { Report } from './result.ts';
import { undoPlanner } from './undo-planner.ts';

/** Shows how many databases get on. */
export interface FleetProgress {
  readonly watch: (event: FleetEvent) => void;
  readonly end: () => void;
}

export interface MigrateArguments extends DatabaseListArguments {
  /** The generated folder; `generated` by default. */
  readonly generated?: string;
  readonly stateSchema?: string;
  readonly dryRun?: boolean;
  /** `NNNN`, as `--baseline`, `--to` and `--mark-applied` take it. */
  readonly to?: string;
  readonly baseline?: string;
  /** `NNNN.S`: the migration's number and the step's. */
  readonly markApplied?: string;
  readonly markFailed?: string;
  /** `NNNN`; 0 for before the first one. */
  readonly downTo?: string;
  /** `data-loss:ADDRESS`. */
  readonly allow?: readonly string[];
  /** `ADDRESS=SQL`: what rows get in a column that comes back. */
  readonly fill?: readonly string[];
  /** A `postgres://` URL of a server to plan and prove an undo on; the embedded PostgreSQL where absent. */
  readonly engine?: string;
  readonly phase?: string;
  readonly amended?: boolean;
  /** Seconds. */
  readonly lockBudget?: string;
  readonly statementTimeout?: string;
  /** A ratio. */
  readonly throttle?: string;
  /** Seconds. */
  readonly maxReplicationLag?: string;
  readonly maxTransactionAge?: string;
  readonly ifBusy?: string;
  readonly verify?: string;
  /** How many of a list of databases go first, are worked on at a time, and what a failure means for the others. */
  readonly canaries?: string;
  readonly parallel?: string;
  readonly onFailure?: string;
  readonly report?: Report;
  /** Takes a line that stands until the next one comes. */
  readonly tick?: Report;
  /** Begins to show the progress of so many databases. */
  readonly fleet?: (total: number) => Promise<FleetProgress>;
}

export function badArgument(flag: string, value: string, wanted: string): Diagnostic {
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

function downOf(given: MigrateArguments, downTo: string, problems: Diagnostic[]): MigrateAction {
  const to = numberOf('--down-to', downTo, problems);
  const fills = (given.fill ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) problems.push(badArgument('--fill', text, "give an address and an expression, such as 'column public.t.c=0'"));
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
  });
  const { generated = 'generated', engine } = given;
  const plan = undoPlanner({ generated, fills: new Map(fills), ...(engine === undefined ? {} : { engine }) });
  return { action: 'down', to, how: given.dryRun === true ? 'dry-run' : 'apply', plan, allow: given.allow ?? [] };
}

function unusedWithoutDown({ downTo, allow, fill, engine }: MigrateArguments): readonly Diagnostic[] {
  if (downTo !== undefined) return [];
  const given = Object.entries({ '--allow': allow, '--fill': fill, '--engine': engine }).filter(([, value]) => value !== undefined);
  return given.map(([flag]) => ({ code: 'bad-argument', severity: 'error', message: `${flag} means something with --down-to alone` }));
}

function actionOf(given: MigrateArguments, problems: Diagnostic[]): MigrateAction {
  const actions: readonly (readonly [string, MigrateAction])[] = [
    ...(given.dryRun === true && given.downTo === undefined ? [['--dry-run', { action: 'dry-run' }] as const] : []),
    ...(given.downTo === undefined ? [] : [['--down-to', downOf(given, given.downTo, problems)] as const]),
    ...(given.baseline === undefined
      ? []
      : [['--baseline', { action: 'baseline', through: numberOf('--baseline', given.baseline, problems) }] as const]),
    ...(given.markApplied === undefined
      ? []
      : [['--mark-applied', markOf('--mark-applied', given.markApplied, 'done', problems)] as const]),
    ...(given.markFailed === undefined ? [] : [['--mark-failed', markOf('--mark-failed', given.markFailed, 'failed', problems)] as const]),
  ];
  problems.push(...unusedWithoutDown(given));
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

function ratioOf(flag: string, value: string, problems: Diagnostic[]): number {
  const ratio = Number(value);
  if (value.trim() === '' || !(ratio >= 0 && ratio <= 1000)) problems.push(badArgument(flag, value, 'give a number from 0 to 1000'));
  return ratio;
}

function limitsOf(given: MigrateArguments, problems: Diagnostic[]): Partial<Limits> {
  const { lockBudget, statementTimeout, throttle, maxReplicationLag, maxTransactionAge } = given;
  return {
    ...(lockBudget === undefined ? {} : { lockBudget: secondsOf('--lock-budget', lockBudget, problems) }),
    ...(statementTimeout === undefined ? {} : { statementTimeout: secondsOf('--statement-timeout', statementTimeout, problems) }),
    ...(throttle === undefined ? {} : { throttle: ratioOf('--throttle', throttle, problems) }),
    ...(maxReplicationLag === undefined ? {} : { maxReplicationLag: secondsOf('--max-replication-lag', maxReplicationLag, problems) }),
    ...(maxTransactionAge === undefined ? {} : { maxTransactionAge: secondsOf('--max-transaction-age', maxTransactionAge, problems) }),
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

/** What is the same for one database and for many. */
export function optionsOf(given: MigrateArguments, problems: Diagnostic[]) {
  const { generated = 'generated', stateSchema } = given;
  const to = given.to === undefined ? undefined : numberOf('--to', given.to, problems);
  const phase = choiceOf('--phase', given.phase, ['expand', 'contract'], problems);
  const whenBusy = choiceOf('--if-busy', given.ifBusy, ['wait', 'leave'], problems);
  const verify = choiceOf('--verify', given.verify, ['each', 'ends', 'off'], problems);
  return {
    generated,
    action: actionOf(given, problems),
    limits: limitsOf(given, problems),
    promised: () => promisedBy(generated),
    ...(stateSchema === undefined ? {} : { stateSchema }),
    ...(to === undefined ? {} : { to }),
    ...(phase === undefined ? {} : { phase }),
    ...(whenBusy === undefined ? {} : { whenBusy }),
    ...(verify === undefined ? {} : { verify }),
    ...(given.amended === true ? { amended: 'accept' as const } : {}),
  };
}

function countOf(flag: string, value: string, least: number, problems: Diagnostic[]): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < least) problems.push(badArgument(flag, value, `give a whole number, ${String(least)} or more`));
  return count;
}

/** How a list of databases is worked on. */
export function fleetOptionsOf({ canaries = '1', parallel = '8', onFailure }: MigrateArguments, problems: Diagnostic[]) {
  return {
    canaries: countOf('--canaries', canaries, 0, problems),
    parallel: countOf('--parallel', parallel, 1, problems),
    onFailure: choiceOf('--on-failure', onFailure, ['stop', 'continue'], problems) ?? 'stop',
  };
}
