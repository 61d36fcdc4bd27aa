/**
 * What the runner asks of whoever plans an undo, and what it is given: a script like a migration's,
 * what is lost by it, and what it was proven to lead to. Data only: planning needs what compiles, and
 * applying needs none of that. Nothing is planned here.
 */
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FolderMigration } from './folder.ts';
import type { Promised } from './promised.ts';

export interface UndoQuestion {
  /** What the database has, oldest first. */
  readonly applied: readonly FolderMigration[];
  /** A migration that was begun after those, and the steps of it that are done. */
  readonly begun?: { readonly migration: FolderMigration; readonly done: ReadonlySet<number> };
  /** The number of the last migration that stays; 0 for none. */
  readonly to: number;
  /** The major version of the server. */
  readonly major: number;
}

/** What a step asks of rows that are there, with a query that finds those on which it would fail. */
export interface AskedOfRows {
  readonly subject: Address;
  readonly reason: string;
  readonly query: string;
  readonly hint: string;
}

export interface UndoPlan {
  /** `0007_down_to_0004`. */
  readonly name: string;
  readonly script: string;
  /** What goes with what is dropped: each must be allowed by name. */
  readonly losses: readonly { readonly subject: Address; readonly reason: string }[];
  readonly asked: readonly AskedOfRows[];
  /** What cannot come back. */
  readonly notices: readonly Diagnostic[];
  readonly promised: Promised;
}

/** The name that a script has in its first line. */
export function undoName(script: string): string {
  return /^-- schemac migration (\S+)$/m.exec(script)?.[1] ?? '0000_undo';
}

/** Throws a `DiagnosticError` where there is no way back, or it cannot be proven. */
export type PlanUndo = (question: UndoQuestion) => Promise<UndoPlan>;
