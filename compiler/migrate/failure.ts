/**
 * Turns what went wrong with a step into one message: where in the file, what PostgreSQL said, what
 * is in the database now, and how to go on.
 */
import type { PostgresError } from '../engine/engine.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { MigrationStep } from '../sql/migration-file.ts';
import { placeOf } from '../sql/script.ts';

/** A lock did not come in time, or two sessions waited for each other: worth another try. */
export function isLockFailure(error: PostgresError): boolean {
  return error.code === '55P03' || error.code === '40P01';
}

/** 57014 is a cancellation, by a person too; the text tells them apart only in English, so both get the advice. */
function isStatementTimeout(error: PostgresError): boolean {
  return error.code === '57014';
}

export interface FailedStep {
  readonly name: string;
  readonly file: string;
  readonly step: MigrationStep;
  /** The statement that failed, where it is not the step's own. */
  readonly sql?: string;
  /** Rows that the statement fails on, one line each; none where they are not known. */
  readonly rows: readonly string[];
  /** What is true of the database after the failure, a whole sentence. */
  readonly left: string;
}

/** The diagnostic of a step that PostgreSQL refused, at the line of the file where it says the error is. */
export function stepFailure(error: PostgresError, failed: FailedStep): DiagnosticError {
  const { step, sql } = failed;
  const inner =
    sql === undefined && error.position !== undefined
      ? placeOf(step.sql, codeUnits(step.sql, error.position - 1), failed.file)
      : { line: 1, column: 1 };
  const detail = error.detail === undefined ? '' : ` (${error.detail})`;
  const rows = failed.rows.map((line) => `\n  ${line}`).join('');
  const made = sql === undefined ? '' : `\nin the statement that the step made: ${sql}`;
  return new DiagnosticError([
    {
      code: 'step-failed',
      severity: 'error',
      message: `step ${String(step.number)} of ${failed.name} (${step.purpose}) failed: ${error.message}${detail} [${error.code}]${rows}${made}\n${failed.left}`,
      place: { file: failed.file, line: step.line + inner.line - 1, column: inner.column },
      hint: `${error.hint === undefined ? '' : `${error.hint}; `}${advice(error)}`,
    },
  ]);
}

function advice(error: PostgresError): string {
  if (isLockFailure(error))
    return 'find and end what holds the lock (the lines above name it), then run npx schemac migrate again; it asks longer with --lock-budget';
  if (isStatementTimeout(error))
    return 'it was to be fast and held others up; where it may take longer, run npx schemac migrate --statement-timeout with more seconds, or 0 for no limit';
  if (error.code === '42501') return 'grant the role what it lacks, or run as the owner, then run npx schemac migrate again';
  if (error.code.startsWith('23')) return 'mend those rows, then run npx schemac migrate again: it goes on with this step';
  return 'mend what it complains about, then run npx schemac migrate again: it goes on with this step';
}

/** PostgreSQL counts characters, JavaScript UTF-16 units. */
function codeUnits(text: string, characters: number): number {
  return [...text].slice(0, characters).join('').length;
}
