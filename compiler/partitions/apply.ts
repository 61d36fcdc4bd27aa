/**
 * One run of maintenance: what inserts need first and apart from the rest, then what retention asks for,
 * a transaction a partition. A table in trouble does not keep another from getting its partitions. Killed
 * anywhere, the next run goes on: what is to be done is always asked anew.
 */
import { PostgresError } from '../engine/engine.ts';
import { Busy } from '../migrate/advisory-lock.ts';
import { ConnectionLost, databaseDiagnostics } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import { Interrupted } from '../migrate/pause.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { analyze } from './analyze.ts';
import { lateness, ruleFailure, stepFailure } from './failure.ts';
import { dropStep } from './drop.ts';
import type { Action, DoneStep, MaintenanceResult, PartitionOptions, PlannedStep, StepOutcome } from './options.ts';
import { readSteps } from './plan.ts';
import { finalize, record, retire } from './retire.ts';
import { ownRules, readRules, type Rule } from './rules.ts';
import { withMaintenance, type Maintenance } from './session.ts';
import { inTransaction, LocksBusy } from './step.ts';
import { quoteText } from '../sql/quote.ts';

/** What a run has done so far; it grows while the run goes on, and is given back whatever ends it. */
interface Progress {
  at?: string;
  readonly steps: DoneStep[];
  readonly diagnostics: Diagnostic[];
}

/** Does one step, or notes why not. What was really done, as the name that a partition got, comes from the action. */
async function perform(progress: Progress, step: PlannedStep, action: () => Promise<PlannedStep | undefined>): Promise<StepOutcome> {
  const end = (outcome: StepOutcome, diagnostic?: Diagnostic): StepOutcome => {
    progress.steps.push({ ...step, outcome });
    if (diagnostic !== undefined) progress.diagnostics.push(diagnostic);
    return outcome;
  };
  try {
    progress.steps.push({ ...((await action()) ?? step), outcome: 'done' });
    return 'done';
  } catch (error) {
    if (error instanceof LocksBusy) return end('left', lateness(step, error));
    if (error instanceof DiagnosticError) return end('failed', error.diagnostics[0]);
    if (!(error instanceof PostgresError)) throw error;
    return end('failed', stepFailure(step, error));
  }
}

/** Makes one partition, the one that is needed most, and says which. */
async function createOne(maintenance: Maintenance, rule: Rule, planned: readonly PlannedStep[]): Promise<PlannedStep | undefined> {
  const [row] = await inTransaction(maintenance, `making a partition of ${rule.table}`, async (ask) => {
    if (maintenance.options.caution === 'none') await ask('SET LOCAL schemac.many_partitions = on');
    return ask(`SELECT schemac.partition_create(${quoteText(rule.table)}, ${quoteText(maintenance.at)}::timestamptz, 1)`);
  });
  return planned.find(({ relation }) => relation === row?.[0]);
}

/** Makes partitions one by one; where one fails, the others of the table would fail too. */
async function create(maintenance: Maintenance, progress: Progress, rule: Rule): Promise<void> {
  const planned = (await readSteps(maintenance.worker, rule, maintenance.at)).filter(({ action }) => action === 'create');
  for (const step of planned) {
    if ((await perform(progress, step, () => createOne(maintenance, rule, planned))) !== 'done') return;
  }
}

type Performance = (maintenance: Maintenance, step: PlannedStep, rule: Rule) => Promise<void>;

const move: Performance = async (maintenance, step) => {
  await inTransaction(maintenance, `moving ${step.relation}`, (ask) =>
    ask(`SELECT schemac.partition_move(${step.entry ?? '0'}, ${quoteText(maintenance.at)}::timestamptz)`),
  );
};

/** In this order; each makes the next one possible, so that the plan is asked anew before each. */
const retirement: readonly (readonly [Action, Performance])[] = [
  ['finalize', finalize],
  ['retire', retire],
  ['record', (maintenance, step) => record(maintenance, step.entry ?? '0', step.relation)],
  ['move', move],
  ['drop', dropStep],
];

async function retireAll(maintenance: Maintenance, progress: Progress, rule: Rule): Promise<void> {
  const { worker, at, options } = maintenance;
  for (const [action, performed] of retirement) {
    const steps = (await readSteps(worker, rule, at, options.caution, 'retirement')).filter((step) => step.action === action);
    for (const step of steps) {
      if (step.when === 'later') {
        progress.steps.push({ ...step, outcome: 'left' });
        continue;
      }
      const outcome = await perform(progress, step, async () => {
        await performed(maintenance, step, rule);
        return undefined;
      });
      // One detachment at a time may be pending (55000): the next one would only fail.
      if (outcome === 'left' && (action === 'retire' || action === 'finalize')) break;
    }
  }
}

async function run(maintenance: Maintenance, progress: Progress): Promise<void> {
  progress.at = maintenance.at;
  const rules = ownRules(await readRules(maintenance.worker, maintenance.options.tables));
  for (const rule of rules) await guarded(rule, progress, () => create(maintenance, progress, rule));
  for (const rule of rules) await guarded(rule, progress, () => retireAll(maintenance, progress, rule));
  for (const rule of rules) {
    const isChanged = progress.steps.some(({ table, outcome }) => table === rule.table && outcome === 'done');
    await guarded(rule, progress, () => analyze(maintenance, rule, isChanged ? 'changed' : 'unchanged', progress.steps));
  }
}

/** What PostgreSQL refuses about one table, as a rule that it cannot plan, ends the work on that one alone. */
async function guarded(rule: Rule, progress: Progress, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    progress.diagnostics.push(ruleFailure(rule.table, error));
  }
}

function ended(error: unknown, database: string): readonly Diagnostic[] {
  const again = 'run npx schemac partitions apply again: it goes on where it stopped';
  if (error instanceof Interrupted) return [{ code: 'interrupted', severity: 'error', message: 'stopped by a signal', hint: again }];
  if (error instanceof Busy)
    return [
      {
        code: 'runner-busy',
        severity: 'warning',
        message: `another run is at work on ${database} in ${error.message}: left it alone`,
        hint: again,
      },
    ];
  if (error instanceof ConnectionLost)
    return [{ code: 'connection', severity: 'error', message: `the connection to ${database} broke: ${error.message}`, hint: again }];
  return databaseDiagnostics(error, database);
}

/** Does what the rules want at a time. What is wrong comes back as diagnostics, beside what was done until then. */
export async function applyPartitions(options: PartitionOptions): Promise<MaintenanceResult> {
  const database = describeUrl(options.url);
  const progress: Progress = { steps: [], diagnostics: [] };
  try {
    await withMaintenance(options, (maintenance) => run(maintenance, progress));
  } catch (error) {
    progress.diagnostics.push(...ended(error, database));
  }
  const { at, steps, diagnostics } = progress;
  return { database, ...(at === undefined ? {} : { at }), steps, diagnostics };
}
