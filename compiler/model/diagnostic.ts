/**
 * What we say about a mistake of the user's: a stable code, a severity, where, what, and what to
 * write instead. Diagnostics are data, collected everywhere and printed by the command line alone.
 */
import type { Address } from './address.ts';

/** A place in a file; line and column count from 1. The file is relative to the project folder. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Stable and searchable, for example `unknown-reference`; `schemac explain CODE` says more. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly place?: Place;
  /** The object that it is about. */
  readonly subject?: Address;
  /** What to write, or to run, instead. */
  readonly hint?: string;
}

/** Carries diagnostics out of a stage that cannot go on. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
    this.name = 'DiagnosticError';
    this.diagnostics = diagnostics;
  }
}

/** Stops a stage with one error. */
export function fail(code: string, message: string, more: Omit<Diagnostic, 'code' | 'severity' | 'message'> = {}): never {
  throw new DiagnosticError([{ code, severity: 'error', message, ...more }]);
}
