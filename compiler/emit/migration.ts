/**
 * Writes a migration file: plain SQL that psql runs as it is, with a head that says what it does,
 * what was measured, what it assumes and how to take it back. sql/migration-file.ts reads it again.
 */
import type { Phase, Transaction } from '../model/statement.ts';
import { writeRole } from '../sql/migration-head.ts';
import { hazardLines, lockLines, oneLine, section, transactionLines, undoLines, type MeasuredStatement } from './script-parts.ts';

export type { MeasuredStatement } from './script-parts.ts';

export interface MigrationText {
  /** `0002_add_locale`. */
  readonly name: string;
  readonly summary: readonly string[];
  readonly phase: Phase;
  /** The expand migration of the same compile, which a contract one ends. */
  readonly completes?: string;
  /** Hash of the file in schema/custom/ that it was compiled from. */
  readonly custom?: string;
  readonly target: number;
  /** Engine and rows of the proof, in words. */
  readonly proven: string;
  /** `data-loss column public.digests.old`. */
  readonly allowances: readonly string[];
  /** Declared rows of tables, `table public.digests 40000000`, where a policy goes by them. */
  readonly rows?: readonly string[];
  /** Roles that the migration names and does not make. */
  readonly roles: readonly string[];
  /** SQL that makes stubs of the other teams' tables that the migration stands on. */
  readonly externals: readonly string[];
  readonly transactions: readonly Transaction[];
  readonly statements: readonly MeasuredStatement[];
  /** How to take it back, where somebody wrote it. */
  readonly undo?: string;
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
    ...(migration.custom === undefined ? [] : [`-- custom: ${migration.custom}`]),
    ...(migration.completes === undefined ? [] : [`-- completes: ${migration.completes}`]),
    `-- target: PostgreSQL ${migration.target}`,
    `-- proven: ${oneLine(migration.proven)}`,
    ...migration.allowances.map((allowance) => `-- allows: ${oneLine(allowance)}`),
    ...section('locks', migration.statements.flatMap(lockLines)),
    ...section('hazards', hazardLines(migration.statements)),
    ...section('rows', migration.rows ?? []),
    ...section('roles', migration.roles.map(writeRole)),
    ...section('externals', migration.externals),
    ...section('undo', migration.undo === undefined ? undoLines(migration.statements.map(({ statement }) => statement)) : [migration.undo]),
  ];
}
