/**
 * Many statements in one message to the server: what was a round trip each is one. The place of an
 * error is found again in the statement that it came from. Pure.
 *
 * A message is read as a whole before its first statement runs (manual §54.2.2.1), and what opens a
 * transaction in it does so for what follows, as in messages of their own.
 */
import { PostgresError } from '../engine/engine.ts';

/** A statement may end in a line comment, which must not take the semicolon in. */
const separator = '\n;\n';

/** Settings under which the text of a later statement would be read in another way. */
const changesReading = /standard_conforming_strings|backslash_quote|client_encoding|\bnames\b/i;

/** Whether the statements mean the same in one message as in one each. */
export function fitsOneMessage(settings: readonly string[]): boolean {
  return !settings.some((sql) => changesReading.test(sql));
}

export function messageOf(statements: readonly string[]): string {
  return statements.join(separator);
}

export interface FailedStatement {
  /** Its place in the list. */
  readonly index: number;
  /** Of the error in it, in characters from 1; absent where PostgreSQL gave none. */
  readonly position: number | undefined;
}

/** PostgreSQL counts characters, JavaScript UTF-16 units. */
function characters(text: string): number {
  return [...text].length;
}

/**
 * Which statement of a message failed, by the error's position in the whole text or else by how many
 * were done before it.
 */
export function failedStatement(statements: readonly string[], error: Pick<PostgresError, 'position'>, completed: number): FailedStatement {
  if (error.position === undefined) return { index: Math.min(completed, statements.length - 1), position: undefined };
  let start = 0;
  for (const [index, sql] of statements.entries()) {
    const length = characters(sql) + separator.length;
    if (error.position <= start + length) return { index, position: error.position - start };
    start += length;
  }
  return { index: statements.length - 1, position: undefined };
}

/** The error with its place in the statement that it came from. */
export function placedError(error: PostgresError, position: number | undefined): PostgresError {
  const { message, code, detail, hint } = error;
  return new PostgresError(message, { code, position, detail, hint });
}
