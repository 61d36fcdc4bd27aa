/**
 * Reads the head of a migration file: the comment lines at its top, which say what it does, for
 * which PostgreSQL, what it allows and what it stands on. A file without such a head has none of it.
 */
import { fail } from '../model/diagnostic.ts';
import type { Phase } from '../model/statement.ts';

export interface MigrationHead {
  readonly name?: string;
  readonly summary: string;
  readonly phase: Phase;
  /** The expand migration of the same compile, where a contract one ends it. */
  readonly completes?: string;
  /** The hash of the file in schema/custom/ that it was compiled from; absent in what schema/ asked for. */
  readonly custom?: string;
  readonly target?: number;
  readonly proven?: string;
  readonly allows: readonly string[];
  readonly locks: readonly string[];
  readonly hazards: readonly string[];
  /** Rows of tables that were declared when it was compiled, where the project has a policy. */
  readonly rows: readonly string[];
  /** Roles that must be there; a migration makes none. */
  readonly roles: readonly string[];
  readonly externals: string;
  readonly undo: string;
}

const labels = [
  'phase',
  'completes',
  'custom',
  'target',
  'proven',
  'allows',
  'locks',
  'hazards',
  'rows',
  'roles',
  'externals',
  'undo',
] as const;
type Label = (typeof labels)[number];
const labelLine = new RegExp(`^-- (${labels.join('|')}):(?: (.*))?$`);

/** The lines at the top that begin with two dashes, up to the first that does not or that names a step. */
function headLines(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--') || /^-- step \d/.test(line));
  return end === -1 ? lines : lines.slice(0, end);
}

interface RawHead {
  readonly summary: readonly string[];
  readonly entries: ReadonlyMap<Label, readonly string[]>;
}

function readRaw(lines: readonly string[]): RawHead {
  const summary: string[] = [];
  const entries = new Map<Label, string[]>();
  let current: string[] | undefined;
  for (const line of lines) {
    const label = labelLine.exec(line);
    if (label !== null) {
      const name = label[1] as Label;
      current = entries.get(name) ?? [];
      entries.set(name, current);
      if (label[2] !== undefined && label[2] !== '') current.push(label[2]);
    } else if (current === undefined) {
      summary.push(line.replace(/^-- ?/, ''));
    } else {
      current.push(line.replace(/^--(?: {1,3})?/, ''));
    }
  }
  return { summary, entries };
}

/** A role's name as a head has it: bare where it is plain, else as JSON writes a text, so that no name ends a line. */
export function writeRole(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}

function readRole(text: string): string {
  try {
    return text.startsWith('"') ? (JSON.parse(text) as string) : text;
  } catch {
    return text;
  }
}

function readTarget(text: string | undefined, fileName: string): number | undefined {
  if (text === undefined) return undefined;
  const major = /^PostgreSQL (\d+)$/.exec(text)?.[1];
  if (major === undefined)
    return fail('migration-format', `'target: ${text}' names no major version`, {
      place: { file: fileName, line: 1, column: 1 },
      hint: 'write target: PostgreSQL 16',
    });
  return Number(major);
}

/** Reads the head; throws a `DiagnosticError` where a value of it cannot be meant. */
export function readHead(text: string, fileName: string): MigrationHead {
  const lines = headLines(text);
  const name = /^-- schemac migration (\S+)$/.exec(lines[0] ?? '')?.[1];
  const { summary, entries } = readRaw(name === undefined ? lines : lines.slice(1));
  const list = (label: Label): readonly string[] => (entries.get(label) ?? []).map((line) => line.trim()).filter((line) => line !== '');
  const phase = list('phase')[0] ?? 'expand';
  if (phase !== 'expand' && phase !== 'contract') {
    fail('migration-format', `'phase: ${phase}' is neither expand nor contract`, { place: { file: fileName, line: 1, column: 1 } });
  }
  const target = readTarget(list('target')[0], fileName);
  const proven = list('proven')[0];
  const custom = list('custom')[0];
  const completes = list('completes')[0];
  return {
    ...(name === undefined ? {} : { name }),
    summary: summary.join('\n').trim(),
    phase,
    ...(custom === undefined ? {} : { custom }),
    ...(completes === undefined ? {} : { completes }),
    ...(target === undefined ? {} : { target }),
    ...(proven === undefined ? {} : { proven }),
    allows: list('allows'),
    locks: list('locks'),
    hazards: list('hazards'),
    rows: list('rows'),
    roles: list('roles').map(readRole),
    externals: (entries.get('externals') ?? []).join('\n').trim(),
    undo: (entries.get('undo') ?? []).join('\n').trim(),
  };
}
