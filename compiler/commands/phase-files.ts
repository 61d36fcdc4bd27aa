/**
 * The migration files of one compile: what runs before the deploy, and in a file of its own what runs
 * after it, each with its own summary, locks, losses and way back. Text and data; it proves nothing.
 */
import { numberText } from '../sql/migrations-lock.ts';
import { diff, subjectOf } from '../diff/diff.ts';
import { migrationText } from '../emit/migration.ts';
import type { Change } from '../model/change.ts';
import type { Address } from '../model/address.ts';
import type { State } from '../model/object.ts';
import { phaseOf, type Phase, type Statement } from '../model/statement.ts';
import { migrationNameFor, slug, summaryLines } from '../plan/summary.ts';
import type { Proof } from '../prove/prove.ts';
import { rolesNamed } from '../prove/roles.ts';
import type { Transition } from '../prove/transition.ts';
import { externalsOf, stubStatements } from '../workspace/external.ts';
import type { History } from '../workspace/history.ts';
import type { NewMigration } from './new-migration.ts';
import { withExternals } from './standing.ts';

/** What a migration is to be called, without its number: by its phase, or where it is the only one. */
export type WantedNames = { readonly [Name in Phase | 'alone']?: string };

export interface PhaseFilesRequest {
  readonly history: History;
  readonly names: WantedNames;
  readonly target: number;
  readonly transition: Transition;
  readonly proof: Proof;
  readonly before: State;
  /** What is declared, managed objects and those of others. */
  readonly wanted: State;
  readonly desired: State;
  readonly externals: ReadonlySet<Address>;
  /** Every loss that is allowed: `data-loss column public.digests.old`. */
  readonly allowances: readonly string[];
  readonly proven: string;
  /** What the head says of the rows of the tables that statements touch. */
  readonly rows: (statements: readonly Statement[]) => readonly string[];
}

interface Part {
  readonly phase: Phase;
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  readonly renames: readonly Statement[];
  /** Those that it is named after. */
  readonly named: readonly Change[];
}

/** One migration a phase in which something runs, in their order. */
export function migrationFiles(request: PhaseFilesRequest): readonly NewMigration[] {
  const files: NewMigration[] = [];
  for (const part of partsOf(request)) files.push(migrationFile(part, request, files.at(-1)));
  return files;
}

function partsOf({ transition, proof, before, wanted }: PhaseFilesRequest): readonly Part[] {
  const { changes, renames, transactions, start } = transition;
  const phases = [...new Set(transactions.map(phaseOf))];
  const [only = 'expand'] = phases;
  if (phases.length < 2) return [{ phase: only, before, after: wanted, changes, renames, named: changes }];
  // Where the proof did not come so far, nothing is written.
  const between = proof.between ?? wanted;
  const expand = diff(start, between);
  // What is prepared for the deploy is named after what is new, if there is anything new.
  const first = expand.filter((change) => wanted.has(subjectOf(change)) && !start.has(subjectOf(change)));
  const contract = diff(between, wanted);
  return [
    { phase: 'expand', before, after: between, changes: expand, renames, named: first.length === 0 ? expand : first },
    { phase: 'contract', before: between, after: wanted, changes: contract, renames: [], named: contract },
  ];
}

function migrationFile(part: Part, request: PhaseFilesRequest, expand: NewMigration | undefined): NewMigration {
  const { phase, before, after, changes, renames } = part;
  const { target, desired, proven } = request;
  const transactions = request.transition.transactions.filter((transaction) => phaseOf(transaction) === phase);
  const statements = transactions.flatMap((transaction) => transaction.statements);
  const previous = expand?.name ?? request.history.lock.at(-1)?.name;
  const name = nameOf(part, request, previous);
  const summary = summaryLines(changes, renames);
  const losses = new Set(statements.flatMap(({ hazards }) => hazards.map(({ hazard, subject }) => `${hazard} ${subject}`)));
  const allowances = request.allowances.filter((allowance) => losses.has(allowance));
  const text = migrationText({
    name,
    summary,
    phase,
    ...(expand === undefined ? {} : { completes: expand.name }),
    target,
    proven,
    allowances,
    rows: request.rows(statements),
    roles: rolesNamed(statements, [before, after]),
    externals: stubStatements(desired, externalsOf(statements, desired, request.externals), target),
    transactions,
    statements: request.proof.statements.filter(({ statement }) => statement.phase === phase),
  });
  const state = withExternals(after, desired, request.externals);
  return { name, phase, text, summary, changes, statements, allowances, proven, before, after: state };
}

function nameOf({ phase, named, renames }: Part, { names, transition }: PhaseFilesRequest, previous: string | undefined): string {
  const number = numberText(Number.parseInt(previous ?? '0', 10) + 1);
  const isAlone = transition.transactions.every((transaction) => phaseOf(transaction) === phase);
  const wanted = isAlone ? (names.alone ?? names[phase] ?? names.expand ?? names.contract) : names[phase];
  if (wanted !== undefined) return `${number}_${slug(wanted)}`;
  // Nothing that is declared changes by it: it only takes away what was kept until the deploy.
  if (named.length === 0 && renames.length === 0 && phase === 'contract')
    return `${number}_${slug(`clear away after ${(previous ?? '').slice(5)}`)}`;
  return `${number}_${previous === undefined ? 'initial_schema' : migrationNameFor(named, renames)}`;
}
