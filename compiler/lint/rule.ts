/**
 * What a rule of lint is: a stable code, an explanation, and a check that reads declarations, objects
 * and statements and gives findings. A rule never knows severities of a project, suppressions, places
 * or the order of output; lint.ts does all of that once.
 */
import type { Address } from '../model/address.ts';
import type { Annotation, DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { SchemaObject, State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { QueryPlan, ReferenceCheck } from '../model/workload.ts';

export type Severity = Diagnostic['severity'];

export interface Finding {
  /** The object that it is about; absent where it is about no object, as an open question. */
  readonly subject?: Address;
  /** Further objects on which a suppression counts: the column of a one-column foreign key. */
  readonly near?: readonly Address[];
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
  /** Where it stands, if not where the subject is declared. */
  readonly place?: Place;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
}

export interface SuppressionAt {
  readonly on: Address;
  readonly code: string;
}

/** What a rule may look at. */
export interface LintContext {
  readonly declared: DeclaredSchema;
  /** Every object, those of other teams' tables among them. */
  readonly state: State;
  /** The objects that are ours to shape, sorted by address. */
  readonly managed: readonly SchemaObject[];
  /** The statements of the migration that is being written; none where nothing changed. */
  readonly statements: readonly Statement[];
  /** How the declared queries are planned at the declared volumes; none where they were not planned. */
  readonly plans: readonly QueryPlan[];
  /** What foreign keys ask when referenced rows go, planned alike. */
  readonly references: readonly ReferenceCheck[];
  /** ISO date; only for what was declared to end on a day. */
  readonly today: string;
  /** The codes of all rules. */
  readonly codes: ReadonlySet<string>;
  readonly annotation: (id: Address) => Annotation;
  /** Suppressions of rules that ran, were not switched off, and found nothing there. Known to the last rule. */
  readonly unusedSuppressions: () => readonly SuppressionAt[];
}

export interface LintRule {
  /** Kebab-case and stable: it stands in `suppress`, in the project's `lint`, in CI logs. */
  readonly code: string;
  readonly severity: Severity;
  /** One line: what is not so good. */
  readonly title: string;
  /** The PostgreSQL fact, with the manual's section and figures where they were measured, and what to do instead. */
  readonly explanation: string;
  /** What to write, in the schema language. */
  readonly example: string;
  /** `migration` rules look at a migration's statements, so their suppressions are idle most of the time. */
  readonly about: 'schema' | 'migration';
  readonly check: (context: LintContext) => readonly Finding[];
}
