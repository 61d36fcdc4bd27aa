/**
 * Writes a migration file: plain SQL that psql runs as it is, with a head that says what it does,
 * what was measured, what it assumes and how to take it back. sql/migration-file.ts reads it again.
 */
import type { Address } from '../model/address.ts';
import { blockedBy, type Hazard, type Lock, type Statement, type Transaction } from '../model/statement.ts';

export interface MeasuredStatement {
  readonly statement: Statement;
  /** What the engine showed; absent where it could not. */
  readonly measured?: { readonly locks: readonly Lock[]; readonly rewrites: readonly Address[]; readonly scans: readonly Address[] };
}

export interface MigrationText {
  /** `0002_add_locale`. */
  readonly name: string;
  readonly summary: readonly string[];
  readonly phase: 'expand' | 'contract';
  readonly target: number;
  /** Engine and rows of the proof, in words. */
  readonly proven: string;
  /** `data-loss column public.digests.old`. */
  readonly allowances: readonly string[];
  /** SQL that makes stubs of the other teams' tables that the migration stands on. */
  readonly externals: readonly string[];
  readonly transactions: readonly Transaction[];
  readonly statements: readonly MeasuredStatement[];
}

export function migrationText(migration: MigrationText): string {
  const numbers = new Map(migration.statements.map(({ statement }, place) => [statement, place + 1]));
  return [
    `-- schemac migration ${migration.name}`,
    ...migration.summary.map((line) => `-- ${oneLine(line)}`),
    '--',
    ...head(migration),
    '\\set ON_ERROR_STOP on',
    'SET search_path TO public;',
    '',
    ...migration.transactions.flatMap((transaction) => transactionLines(transaction, numbers)),
  ].join('\n');
}

function head(migration: MigrationText): readonly string[] {
  return [
    `-- phase: ${migration.phase}`,
    `-- target: PostgreSQL ${migration.target}`,
    `-- proven: ${oneLine(migration.proven)}`,
    ...migration.allowances.map((allowance) => `-- allows: ${oneLine(allowance)}`),
    ...section('locks', migration.statements.flatMap(lockLines)),
    ...section(
      'hazards',
      migration.statements.flatMap(({ statement }, place) => statement.hazards.map((hazard) => hazardLine(hazard, place + 1))),
    ),
    ...section('externals', migration.externals),
    ...section('undo', undoLines(migration.statements.map(({ statement }) => statement))),
  ];
}

/** A comment ends at a line feed and at a carriage return (scan.l, `comment`): what a name holds of them must not end it. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`-- ${title}:`, ...lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map((line) => `--   ${line}`)];
}

/** What others wait for: what was measured, or what is expected where nothing could be. */
function lockLines({ statement, measured }: MeasuredStatement, place: number): readonly string[] {
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

function hazardLine(hazard: Hazard, place: number): string {
  const query = hazard.query === undefined ? '' : `\n  find such rows: ${hazard.query};`;
  return `${place} ${hazard.hazard} ${oneLine(hazard.subject)}: ${oneLine(hazard.reason)}${query}`;
}

/** In reverse order; what cannot be taken back is said where it stands. */
function undoLines(statements: readonly Statement[]): readonly string[] {
  return [...statements].reverse().flatMap((statement) => {
    if (statement.reverse !== undefined) return [`${statement.reverse};`];
    const loses = statement.hazards.some(({ hazard }) => hazard === 'data-loss' || hazard === 'irreversible');
    return loses ? [`-- cannot be taken back: ${statement.purpose}`] : [];
  });
}

function transactionLines(transaction: Transaction, numbers: ReadonlyMap<Statement, number>): readonly string[] {
  const steps = transaction.statements.flatMap((statement) => stepLines(statement, numbers.get(statement) ?? 0, !transaction.block));
  return spaced(transaction, steps);
}

/** A step stands apart from what is above it. */
function spaced(transaction: Transaction, steps: readonly string[]): readonly string[] {
  if (!transaction.block) return steps;
  const waits = transaction.statements.some((statement) => statement.locks.length > 0);
  const apart = steps.flatMap((line, place) => (line.startsWith('-- step ') && place > 0 && steps[place - 1] !== '' ? ['', line] : [line]));
  return [
    'BEGIN;',
    ...(waits ? ["SET LOCAL lock_timeout = '2s';"] : []),
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
    // An address that a line cannot hold would name something else.
    ...(statement.probe === undefined || /[\r\n]/.test(statement.probe) ? [] : [`-- probe: ${statement.probe}`]),
    ...carries,
    statement.step === 'expand' ? `${statement.sql} \\gexec` : `${statement.sql};`,
    '',
  ];
}
