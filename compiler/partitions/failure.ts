/**
 * What went wrong with a step on a partition, in words: what PostgreSQL said, what is in the database
 * now, and what to do. Pure.
 */
import type { PostgresError } from '../engine/engine.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { PlannedStep } from './options.ts';
import type { LocksBusy } from './step.ts';

const doing: { readonly [Action in PlannedStep['action']]: string } = {
  create: 'make',
  finalize: 'finish detaching',
  retire: 'detach',
  record: 'note the detachment of',
  move: 'move',
  drop: 'drop',
  export: 'export',
  analyze: 'analyze',
  attach: 'attach',
};

/** The locks did not come: nothing is wrong yet. */
export function lateness(step: PlannedStep, busy: LocksBusy): Diagnostic {
  const pending = step.action === 'retire' || step.action === 'finalize';
  return {
    code: 'partition-left',
    severity: 'warning',
    message: `did not ${doing[step.action]} ${step.relation} of ${step.table}: ${busy.message}`,
    hint: `${pending ? 'its rows are out of the table already; ' : ''}end the transactions that were named, or leave it to the next run`,
  };
}

/** PostgreSQL refused the step. */
export function stepFailure(step: PlannedStep, error: PostgresError): Diagnostic {
  const detail = error.detail === undefined ? '' : ` (${error.detail})`;
  return {
    code: 'partition-step-failed',
    severity: 'error',
    message: `cannot ${doing[step.action]} ${step.relation} of ${step.table}: ${error.message}${detail} [${error.code}]`,
    hint: `${error.hint === undefined ? '' : `${error.hint}; `}${advice(step, error)}`,
  };
}

function advice({ table, action, bound }: PlannedStep, { code }: PostgresError): string {
  if (code === '23514' && action === 'create')
    return `the default partition of ${table} holds rows of the new one: move them out in one transaction (DETACH the default partition, run this again, INSERT its rows into ${table}), and do without a default partition`;
  if (code === '23503')
    return `rows of another table still refer to it: they must go first, so keep ${table} at least as long as they are kept`;
  if (code === '42P17')
    return `another partition takes a part of ${bound}: npx schemac partitions check lists the partitions that are off the grid`;
  if (code === '42501') return `run it as the owner of ${table}, or grant what is missing`;
  if (code === '54000') return 'make partitions longer, or make them all the same with --force';
  return 'mend what it complains about, then run npx schemac partitions apply again';
}

/** What PostgreSQL refuses about one table, as a rule that it cannot plan. */
export function ruleFailure(table: string, error: PostgresError): Diagnostic {
  return {
    code: 'partition-rule-failed',
    severity: 'error',
    message: `${table}: ${error.message} [${error.code}]`,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}
