/**
 * What `diff` prints as SQL: the whole plan from one state to another as a script that psql runs as
 * it is. Nothing in it was proven or allowed, and its head says so.
 */
import type { Transaction } from '../model/statement.ts';
import { hazardLines, lockLines, oneLine, section, transactionLines, undoLines } from './script-parts.ts';

export interface DiffScript {
  /** Names of the two sources, without passwords. */
  readonly from: string;
  readonly to: string;
  readonly target: number;
  readonly summary: readonly string[];
  readonly transactions: readonly Transaction[];
}

export function diffScript(script: DiffScript): string {
  const statements = script.transactions.flatMap((transaction) => transaction.statements);
  const numbers = new Map(statements.map((statement, place) => [statement, place + 1]));
  const numbered = statements.map((statement) => ({ statement }));
  return [
    `-- schemac diff: from ${oneLine(script.from)} to ${oneLine(script.to)}`,
    ...script.summary.map((line) => `-- ${oneLine(line)}`),
    '--',
    '-- Not proven and not applied: read the locks and hazards first. Run it with psql on what the first source is.',
    `-- target: PostgreSQL ${String(script.target)}`,
    ...section('locks', numbered.flatMap(lockLines)),
    ...section('hazards', hazardLines(numbered)),
    ...section('undo', undoLines(statements)),
    '\\set ON_ERROR_STOP on',
    'SET search_path TO public;',
    // A body may name what its caller's search_path finds; it was checked where it was written.
    'SET check_function_bodies TO off;',
    '',
    ...script.transactions.flatMap((transaction) => transactionLines(transaction, numbers)),
  ].join('\n');
}
