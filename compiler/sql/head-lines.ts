/**
 * Lines of a migration's head read back: which statement locks what, costs what, risks what, and how
 * many rows were declared when it was compiled. What emit/script-parts.ts writes; text alone.
 */
import { hazardNames, lockModes, type HazardName, type LockMode } from '../model/statement.ts';
import type { Address } from '../model/address.ts';

export interface LockLine {
  readonly step: number;
  readonly mode: LockMode;
  readonly relation: Address;
  readonly rewrites: boolean;
  readonly scans: boolean;
}

export interface HazardLine {
  readonly step: number;
  readonly hazard: HazardName;
  readonly subject: Address;
}

const lockLine =
  /^(\d+) (\w+) on (.+) \(blocks [a-z ]+\), (rewrites the table|no rewrite), (reads every row|no scan)(?:, expected, not measured)?$/;
// An address may hold a colon in quotes; its reason comes after the first one outside of them.
const hazardLine = /^(\d+) ([a-z-]+) ([a-z-]+ (?:"(?:[^"]|"")*"|[^":])+): /;

/** A line that says something else is none: what follows a hazard is a query. */
export function readLockLine(text: string): LockLine | undefined {
  const [, step, mode, relation, rewrites, scans] = lockLine.exec(text) ?? [];
  const known = lockModes.find((name) => name === mode);
  if (known === undefined || relation === undefined) return undefined;
  return { step: Number(step), mode: known, relation, rewrites: rewrites === 'rewrites the table', scans: scans === 'reads every row' };
}

export function readHazardLine(text: string): HazardLine | undefined {
  const [, step, name, subject] = hazardLine.exec(text) ?? [];
  const known = hazardNames.find((hazard) => hazard === name);
  return known === undefined || subject === undefined ? undefined : { step: Number(step), hazard: known, subject };
}

/** `table public.digests 40000000`. */
export function writeRowsLine(table: Address, rows: number): string {
  return `${table} ${String(rows)}`;
}

/** None or one pair. */
export function readRowsLine(text: string): readonly (readonly [table: Address, rows: number])[] {
  const [, table, rows] = /^(.+) (\d+)$/.exec(text) ?? [];
  return table === undefined ? [] : [[table, Number(rows)]];
}
