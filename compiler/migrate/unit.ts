/**
 * What is sent to the server for one piece of a migration: the settings before it and after it, and
 * in which of four ways it runs. The runner and --dry-run both take it from here, so that what is
 * shown is what runs. Pure.
 */
import { guessStepKind } from '../sql/migration-step.ts';
import type { MigrationFile, MigrationSetting, MigrationStep, MigrationTransaction } from '../sql/migration-file.ts';
import { leadingWords } from '../sql/scan.ts';
import { fastSteps, lockTimeout } from './limits.ts';
import type { Limits } from './limits.ts';

/**
 * `block`: one transaction, tried again when a lock does not come;
 * `bare`: one statement outside any transaction, never with a lock timeout;
 * `expand`: a query outside any transaction whose cells are statements;
 * `batches`: a block that is asked for one batch after the other, each a transaction.
 */
export interface Unit {
  readonly form: 'block' | 'bare' | 'expand' | 'batches';
  /** Whether the transaction is ours and not the file's: its one step may as well run without it. */
  readonly lone: boolean;
  readonly steps: readonly MigrationStep[];
  /** Sent before the steps, in one message. */
  readonly before: readonly string[];
  /** Sent after the steps; a COMMIT follows in a block. */
  readonly after: readonly string[];
}

function isLocal(sql: string): boolean {
  const [, second = ''] = leadingWords(sql, 2);
  return second === 'local' || second === 'constraints' || second === 'transaction';
}

/** The file's own lock_timeout is for psql, which cannot try again. */
function isLockTimeout(sql: string): boolean {
  const [first, ...rest] = leadingWords(sql, 3);
  return first === 'set' && rest.includes('lock_timeout');
}

function formOf(transaction: MigrationTransaction): Unit['form'] {
  const [step] = transaction.steps;
  if (transaction.block || step === undefined) return 'block';
  if (step.gexec) return 'expand';
  if (step.batches !== undefined) return 'batches';
  return step.step === 'concurrent' || step.step === 'backfill' ? 'bare' : 'block';
}

/** A frozen client would keep its locks for as long as the network takes to notice. */
const idleTimeout = `SET LOCAL idle_in_transaction_session_timeout = '30s'`;

/** The limits of one batch: rows that somebody else holds are not waited for while ours are held. */
export function batchTimeouts({ statementTimeout }: Limits): readonly string[] {
  return blockTimeouts(statementTimeout);
}

/** The limits of a transaction; a statement that reads or changes many rows has none. */
function blockTimeouts(statementTimeout: number): readonly string[] {
  return [
    `SET LOCAL lock_timeout = '${String(lockTimeout)}ms'`,
    `SET LOCAL statement_timeout = '${String(statementTimeout)}ms'`,
    idleTimeout,
  ];
}

const bareTimeouts = ['SET lock_timeout = 0', 'SET statement_timeout = 0'];

function timeouts(form: Unit['form'], isFast: boolean, limits: Limits): readonly string[] {
  if (form === 'bare' || form === 'batches') return bareTimeouts;
  return form === 'expand' ? [] : blockTimeouts(isFast ? limits.statementTimeout : 0);
}

/**
 * The units of a migration, in order. SET in the file holds until the file ends, as in psql; since a
 * resumed run begins anywhere, each unit sends all settings that came before it, and takes them back.
 */
export function unitsOf(migration: MigrationFile, limits: Limits): readonly Unit[] {
  const session: string[] = [];
  const fast = fastSteps(migration);
  return migration.transactions.map((transaction) => {
    const form = formOf(transaction);
    const own = transaction.settings.map((setting: MigrationSetting) => setting.sql).filter((sql) => !isLockTimeout(sql));
    const inherited = [...session];
    const lone = !transaction.block;
    session.push(...own.filter((sql) => !isLocal(sql)));
    const begin = form === 'block' ? [transaction.begin ?? 'BEGIN'] : [];
    // RESET ALL leaves the role alone, and what is recorded afterwards is recorded as the role that connected.
    const after =
      inherited.length + own.length > 0
        ? ['RESET ALL', 'RESET SESSION AUTHORIZATION', 'RESET ROLE']
        : form === 'bare' || form === 'batches'
          ? ['RESET ALL']
          : [];
    const isFast = transaction.steps.every((step) => fast.has(step));
    return { form, lone, steps: transaction.steps, before: [...begin, ...timeouts(form, isFast, limits), ...inherited, ...own], after };
  });
}

/** The unit for one statement that an expand step made. */
export function unitOfPart(step: MigrationStep, unit: Unit, sql: string, form: 'block' | 'bare', limits: Limits): Unit {
  const part = { ...step, sql, gexec: false, step: guessStepKind(sql) };
  const isFast = fastSteps({ locks: [], transactions: [{ block: true, settings: [], steps: [part] }] }).has(part);
  const after = unit.after.length === 0 && form === 'bare' ? ['RESET ALL'] : unit.after;
  const before = [...(form === 'block' ? ['BEGIN'] : []), ...timeouts(form, isFast, limits), ...unit.before];
  return { form, lone: true, steps: [part], before, after };
}

/** The lone step of a block, for running it outside any transaction. */
export function asBare(unit: Unit): Unit {
  const settings = unit.before.filter((sql) => sql !== 'BEGIN' && !isLocal(sql));
  return {
    ...unit,
    form: 'bare',
    before: [...bareTimeouts, ...settings],
    after: ['RESET ALL', ...unit.after.filter((sql) => sql !== 'RESET ALL')],
  };
}

/** The unit as SQL that psql would run in the same way: what `--dry-run` prints. */
export function unitText(unit: Unit): readonly string[] {
  const steps = unit.steps.flatMap((step) => [
    `-- step ${String(step.number)} ${step.step}: ${step.purpose}`,
    step.gexec ? `${step.sql} \\gexec` : `${step.sql};`,
  ]);
  return [
    ...unit.before.map((sql) => `${sql};`),
    ...steps,
    ...unit.after.map((sql) => `${sql};`),
    ...(unit.form === 'block' ? ['COMMIT;'] : []),
  ];
}
