/**
 * What is declared beside the objects for the design document: the project, its requirements,
 * decisions, open questions, reviews and queries. They name objects by declaration or by address.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { Sql } from './sql.ts';
import type { BudgetInput, PlannerInput, WorkloadValue } from './workload.ts';

/** A declaration, a function that gives one, or an address such as `index public.digests_user_recent`, or `query NAME`. */
export type Concern = string | Declaration | (() => Declaration);

export interface ProjectDefinition {
  /** The package's name where absent. */
  readonly title?: string;
  readonly purpose?: string;
  /** The major version that migrations are written for. */
  readonly postgres?: 14 | 15 | 16 | 17 | 18;
  readonly manages?: 'declared' | { readonly schemas: readonly string[] };
  readonly comments?: 'database' | 'documents';
  readonly lint?: { readonly [code: string]: 'off' | 'notice' | 'warning' | 'error' };
  /** Objects that are left alone; `until` is an ISO date. */
  readonly ignore?: readonly { readonly address: string; readonly reason: string; readonly until?: string }[];
  /**
   * What `renamedFrom` does: `in place` (the usual way) is one statement, after which running code that knows the old
   * name fails; `expand and contract` keeps the old name in use beside the new one until the contract migration.
   */
  readonly renames?: 'in place' | 'expand and contract';
  /** Settings of the production server that its planner goes by, as postgresql.conf has them. */
  readonly planner?: PlannerInput;
  /** What no migration may do to large tables; `compile` and `check` refuse what does. */
  readonly policy?: MigrationPolicyInput;
}

/** What a statement of a migration may do to a table, in the words of migration heads. */
export type PolicyRuleInput =
  | 'rewrite'
  | 'blocks-reads'
  | 'blocks-writes'
  | 'long-scan'
  | 'index-build'
  | 'hidden-index-rebuild'
  | 'index-dropped'
  | 'data-loss'
  | 'irreversible'
  | 'data-dependent'
  | 'application-order'
  | 'backward-compatibility'
  | 'locks-other-table'
  | 'statistics-lost'
  | 'non-transactional'
  | 'replication'
  | 'authorization'
  | 'stale-results';

export interface MigrationPolicyInput {
  /**
   * `rewrite`: every row is written again; `blocks-reads`, `blocks-writes`: they wait while every row is
   * gone through (a lock that is over in a moment is none of these); `data-loss`, and other hazards.
   */
  readonly forbid: readonly PolicyRuleInput[];
  /** Forbidden on tables of so many declared rows (`expectedRows`) or more, and on those that do not say; 1,000,000 where absent, 0 for every table. */
  readonly overRows?: number;
  /** By name, each with a reason; one that nothing needs is reported. */
  readonly except?: readonly {
    /** `0007_shrink_payload`, or without the number, which a rebase may change. */
    readonly migration: string;
    readonly rule: PolicyRuleInput;
    /** The table: `table public.digests`. */
    readonly on: `table ${string}`;
    readonly reason: string;
  }[];
  /** The last migration that was there before the policy: it and those before it are not judged. */
  readonly after?: string;
}
export interface ProjectDeclaration extends Declaration<'project'> {
  readonly definition: ProjectDefinition;
}
/** The project's settings; one a project, by convention in schema/project.ts. */
export function project(definition: ProjectDefinition): ProjectDeclaration {
  return declaration('project', { definition }, project);
}

export interface RequirementDeclaration extends Declaration<'requirement'> {
  readonly name: string;
  readonly definition: { readonly text: string; readonly metBy: readonly Concern[] };
}
/** What the schema must do, and what meets it. */
export function requirement(name: string, definition: RequirementDeclaration['definition']): RequirementDeclaration {
  return declaration('requirement', { name, definition }, requirement);
}

export interface DecisionDeclaration extends Declaration<'decision'> {
  readonly name: string;
  readonly definition: {
    readonly question: string;
    readonly decision: string;
    readonly because: string;
    readonly alternatives?: readonly string[];
    /** ISO date. */
    readonly decidedOn: string;
    readonly concerns?: readonly Concern[];
  };
}
/** A question that was decided, with the reason. */
export function decision(name: string, definition: DecisionDeclaration['definition']): DecisionDeclaration {
  return declaration('decision', { name, definition }, decision);
}

export interface OpenQuestionDeclaration extends Declaration<'open question'> {
  readonly name: string;
  readonly definition: {
    readonly question: string;
    readonly owner: string;
    /** Whether the schema must not be released before it is answered. */
    readonly blocking?: boolean;
    readonly concerns?: readonly Concern[];
  };
}
/** A question that nobody has answered yet. */
export function openQuestion(name: string, definition: OpenQuestionDeclaration['definition']): OpenQuestionDeclaration {
  return declaration('open question', { name, definition }, openQuestion);
}

export interface ReviewDeclaration extends Declaration<'review'> {
  readonly definition: {
    readonly reviewer: string;
    /** ISO date. */
    readonly on: string;
    readonly verdict: 'approved' | 'changes requested';
    readonly concerns: readonly Concern[];
    readonly note?: string;
    /** Fingerprint of what was reviewed, as the tool prints it. */
    readonly fingerprint?: string;
  };
}
/** That somebody has looked at something. */
export function review(definition: ReviewDeclaration['definition']): ReviewDeclaration {
  return declaration('review', { definition }, review);
}

export interface QueryDefinition {
  /** Parameters are written `:name`. */
  readonly sql: Sql;
  readonly purpose: string;
  /** A typical value of each parameter; the clock of the plan gate stands at 2026-01-15 00:00 UTC. */
  readonly samples?: { readonly [parameter: string]: WorkloadValue | readonly WorkloadValue[] };
  /** SQL types of parameters where PostgreSQL cannot tell them, or takes another: `{ ids: 'bigint[]' }`. */
  readonly types?: { readonly [parameter: string]: string };
  readonly callsPerSecond?: number;
  /** What must hold of its plan at the declared volumes; `compile` and `check` fail where it does not. */
  readonly budget?: BudgetInput;
}
export interface QueryDeclaration extends Declaration<'query'> {
  readonly name: string;
  readonly definition: QueryDefinition;
}
/** A query that the schema must serve: `query('latest_digests', { sql: sql`SELECT …`, purpose: '…' })`. */
export function query(name: string, definition: QueryDeclaration['definition']): QueryDeclaration {
  return declaration('query', { name, definition }, query);
}
