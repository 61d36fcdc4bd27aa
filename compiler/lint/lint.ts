/**
 * Runs the rules in order and makes diagnostics of what they find: the project's severities,
 * suppressions with their reasons, the ignore list, places and a fixed order are applied here, once.
 */
import { matchesAddress, type Address } from '../model/address.ts';
import type { Annotation, DeclaredSchema, Project } from '../model/declared.ts';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { compareText, withOwners, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { QueryPlan, ReferenceCheck } from '../model/workload.ts';
import type { Finding, LintContext, LintRule, SuppressionAt } from './rule.ts';
import { rules } from './rules.ts';

export interface LintInput {
  readonly declared: DeclaredSchema;
  /** Objects in PostgreSQL's spelling, external tables included. */
  readonly state: State;
  readonly statements: readonly Statement[];
  readonly plans?: readonly QueryPlan[];
  readonly references?: readonly ReferenceCheck[];
  /** ISO date; the present day in UTC where absent. Only ignore entries that end on a day ask for it. */
  readonly today?: string;
}

/** Everything that the rules find and nobody suppressed, sorted by place, then address, then code. */
export function lint(input: LintInput): readonly Diagnostic[] {
  const used = new Set<string>();
  const context = contextOf(input, used);
  const diagnostics = rules.flatMap((rule) => runRule(rule, context, used));
  return diagnostics.sort(compareDiagnostics);
}

const none: Annotation = {};

function contextOf(input: LintInput, used: ReadonlySet<string>): LintContext {
  const { declared, state, statements } = input;
  const annotation = (id: Address): Annotation => declared.annotations.get(id) ?? none;
  const isExternal = (id: Address): boolean => withOwners(id, state).some((owner) => annotation(owner).external === true);
  const managed = [...state.values()].filter(({ id }) => !isExternal(id)).sort((left, right) => compareText(left.id, right.id));
  return {
    declared,
    state,
    statements,
    plans: input.plans ?? [],
    references: input.references ?? [],
    managed,
    annotation,
    today: input.today ?? new Date().toISOString().slice(0, 10),
    codes: new Set(rules.map(({ code }) => code)),
    unusedSuppressions: () => unusedSuppressions(declared, used),
  };
}

function runRule(rule: LintRule, context: LintContext, used: Set<string>): readonly Diagnostic[] {
  const { project } = context.declared;
  const level = settingOf(project, rule.code);
  if (level === 'off') return [];
  return rule
    .check(context)
    .filter((finding) => !isSuppressed(rule.code, finding, context, used) && !isIgnored(finding, context))
    .map((finding) => diagnosticOf(rule, finding, level ?? finding.severity ?? rule.severity, context));
}

function settingOf(project: Project, code: string): Project['lint'][string] | undefined {
  return Object.hasOwn(project.lint, code) ? project.lint[code] : undefined;
}

/** A suppression without a reason is none. */
function isSuppressed(code: string, finding: Finding, context: LintContext, used: Set<string>): boolean {
  const places = [finding.subject, ...(finding.near ?? [])].flatMap((id) => (id === undefined ? [] : withOwners(id, context.state)));
  const on = places.find((id) => reasonOf(context.annotation(id), code) !== undefined);
  if (on !== undefined) used.add(suppressionKey({ on, code }));
  return on !== undefined;
}

function reasonOf({ suppress }: Annotation, code: string): string | undefined {
  const reason = suppress !== undefined && Object.hasOwn(suppress, code) ? suppress[code] : undefined;
  return reason === undefined || reason.trim() === '' ? undefined : reason;
}

function suppressionKey({ on, code }: SuppressionAt): string {
  return `${code} ${on}`;
}

function unusedSuppressions(declared: DeclaredSchema, used: ReadonlySet<string>): readonly SuppressionAt[] {
  const expected = new Set(
    rules.filter(({ about, code }) => about === 'schema' && settingOf(declared.project, code) !== 'off').map(({ code }) => code),
  );
  return [...declared.annotations].flatMap(([on, annotation]) =>
    Object.keys(annotation.suppress ?? {})
      .filter((code) => expected.has(code) && reasonOf(annotation, code) !== undefined)
      .map((code) => ({ on, code }))
      .filter((suppression) => !used.has(suppressionKey(suppression))),
  );
}

function isIgnored({ subject }: Finding, { declared, state }: LintContext): boolean {
  if (subject === undefined || declared.project.ignore.length === 0) return false;
  return withOwners(subject, state).some((id) => declared.project.ignore.some((entry) => matchesAddress(entry.address, id)));
}

function diagnosticOf(rule: LintRule, finding: Finding, severity: Diagnostic['severity'], context: LintContext): Diagnostic {
  const { subject, message, hint } = finding;
  const place = finding.place ?? (subject === undefined ? undefined : placeOf(subject, context));
  return {
    code: rule.code,
    severity,
    message,
    hint,
    ...(place === undefined ? {} : { place }),
    ...(subject === undefined ? {} : { subject }),
  };
}

function placeOf(subject: Address, { state, annotation }: LintContext): Place | undefined {
  for (const id of withOwners(subject, state)) {
    const { place } = annotation(id);
    if (place !== undefined) return place;
  }
  return undefined;
}

function compareDiagnostics(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.place?.file ?? '', right.place?.file ?? '') ||
    (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
    (left.place?.column ?? 0) - (right.place?.column ?? 0) ||
    compareText(left.subject ?? '', right.subject ?? '') ||
    compareText(left.code, right.code) ||
    compareText(left.message, right.message)
  );
}
