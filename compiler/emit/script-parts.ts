/**
 * What every script that psql runs is made of: comment sections of its head, and transactions with
 * their steps. Shared by migrations and by what `diff` prints; says nothing of files.
 */
import type { Address } from '../model/address.ts';
import { blockedBy, type Hazard, type Lock, type Statement, type Transaction } from '../model/statement.ts';

export interface MeasuredStatement {
  readonly statement: Statement;
  /** What the engine showed; absent where it could not. */
  readonly measured?: { readonly locks: readonly Lock[]; readonly rewrites: readonly Address[]; readonly scans: readonly Address[] };
}

/** A comment ends at a line feed and at a carriage return (scan.l, `comment`): what a name holds of them must not end it. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

export function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`-- ${title}:`, ...lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map((line) => `--   ${line}`)];
}

/** What others wait for: what was measured, or what is expected where nothing could be. */
export function lockLines({ statement, measured }: MeasuredStatement, place: number): readonly string[] {
  const { locks, rewrites, scans } = measured ?? statement;
  const waits = locks.filter((lock) => blockedBy(lock.mode) !== 'nothing' || statement.step !== 'transactional');
  return waits.map((lock) => {
    const blocked = blockedBy(lock.mode);
    const words = [
      `${place + 1} ${lock.mode} on ${oneLine(lock.relation)} (blocks ${blocked})`,
      rewrites.includes(lock.relation) ? 'rewrites the table' : 'no rewrite',
      statement.scans.includes(lock.relation) || scans.includes(lock.relation) ? 'reads every row' : 'no scan',
      ...(measured === undefined ? ['expected, not measured'] : []),
    ];
    return words.join(', ');
  });
}

export function hazardLines(statements: readonly MeasuredStatement[]): readonly string[] {
  return statements.flatMap(({ statement }, place) => statement.hazards.map((hazard) => hazardLine(hazard, place + 1)));
}

function hazardLine(hazard: Hazard, place: number): string {
  const query = hazard.query === undefined ? '' : `\n  find such rows: ${hazard.query};`;
  return `${place} ${hazard.hazard} ${oneLine(hazard.subject)}: ${oneLine(hazard.reason)}${query}`;
}

/** In reverse order; what cannot be taken back is said where it stands. */
export function undoLines(statements: readonly Statement[]): readonly string[] {
  return [...statements].reverse().flatMap((statement) => {
    if (statement.reverse !== undefined) return [`${statement.reverse};`];
    const loses = statement.hazards.some(({ hazard }) => hazard === 'data-loss' || hazard === 'irreversible');
    return loses ? [`-- cannot be taken back: ${statement.purpose}`] : [];
  });
}

export function transactionLines(transaction: Transaction, numbers: ReadonlyMap<Statement, number>): readonly string[] {
  const steps = transaction.statements.flatMap((statement) => stepLines(statement, numbers.get(statement) ?? 0, !transaction.block));
  return spaced(transaction, steps);
}

/** A step stands apart from what is above it. */
function spaced(transaction: Transaction, steps: readonly string[]): readonly string[] {
  const settings = (transaction.settings ?? []).map((sql) => `${sql};`);
  if (!transaction.block) return [...settings, ...steps];
  const waits = transaction.statements.some((statement) => statement.locks.length > 0);
  const apart = steps.flatMap((line, place) => (line.startsWith('-- step ') && place > 0 && steps[place - 1] !== '' ? ['', line] : [line]));
  return [
    `${transaction.begin ?? 'BEGIN'};`,
    ...(waits ? ["SET LOCAL lock_timeout = '2s';"] : []),
    ...settings,
    '',
    ...apart,
    ...(apart.at(-1) === '' ? [] : ['']),
    'COMMIT;',
    '',
  ];
}

/** A statement without a purpose of its own, as COMMENT, follows the step before it; it counts as a step all the same. */
function stepLines(statement: Statement, number: number, isBare: boolean): readonly string[] {
  if (statement.purpose === '' && !isBare) return [`${statement.sql};`];
  const carries = statement.carries === undefined ? [] : [`-- carries: ${JSON.stringify(statement.carries)}`];
  return [
    `-- step ${number} ${statement.step}: ${oneLine(statement.purpose)}`,
    ...addressLine('probe', statement.probe),
    ...addressLine('batches', statement.batches),
    ...carries,
    statement.step === 'expand' ? `${statement.sql} \\gexec` : `${statement.sql};`,
    '',
  ];
}

/** An address that a line cannot hold would name something else. */
function addressLine(label: string, text: string | undefined): readonly string[] {
  return text === undefined || /[\r\n]/.test(text) ? [] : [`-- ${label}: ${text}`];
}
