/**
 * Plans before and after: what the queries cost when generated/ was last written, beside what they cost
 * now. Plans of old are data of the snapshot; nothing is planned here.
 */
import type { DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { costText } from '../model/figures.ts';
import type { PlanBefore, QueryPlan } from '../model/workload.ts';
import { shortened } from '../workload/plan-tree.ts';

/** The plans by query, as the snapshot keeps them. */
export type PlansBefore = { readonly [query: string]: PlanBefore };

export function plansToKeep(plans: readonly QueryPlan[]): PlansBefore {
  return Object.fromEntries(plans.map(({ query, cost, plan }) => [query, { cost, plan }]));
}

/** A query whose nodes or indexes are others now, or whose cost is no longer of the same order. */
export interface PlanChange {
  readonly query: string;
  readonly before: PlanBefore;
  readonly after: PlanBefore;
}

const withoutFigures = (plan: readonly string[]): string => plan.map((line) => line.replace(/ {2}cost .*/, '')).join('\n');

export function planChanges(before: PlansBefore, plans: readonly QueryPlan[]): readonly PlanChange[] {
  return plans.flatMap(({ query, cost, plan }) => {
    const old = before[query];
    if (old === undefined) return [];
    const isOther = withoutFigures(old.plan) !== withoutFigures(plan);
    const isFar = Math.abs(Math.log(Math.max(cost, 0.01) / Math.max(old.cost, 0.01))) > Math.log(1.5);
    return isOther || isFar ? [{ query, before: old, after: { cost, plan } }] : [];
  });
}

/** `from 31.65 to 416,676, 13,000 times as much`. */
export function changeOfCost({ before, after }: PlanChange): string {
  const factor = after.cost / Math.max(before.cost, 0.01);
  const times = factor >= 1.05 ? `, ${timesText(factor)} times as much` : factor <= 0.95 ? `, ${timesText(1 / factor)} times less` : '';
  return `from ${costText(before.cost)} to ${costText(after.cost)}${times}`;
}

/** Two digits of a factor are all that an estimate has. */
const timesText = (factor: number): string => Number(factor.toPrecision(2)).toLocaleString('en-US');

const indented = (lines: readonly string[]): readonly string[] => shortened(lines, 12).map((line) => `  ${line}`);

/** The diagnostics of the gate with the plan of old in those about a query that broke its budget; a notice for each other change. */
export function withPlanChanges(
  diagnostics: readonly Diagnostic[],
  before: PlansBefore,
  plans: readonly QueryPlan[],
  declared: DeclaredSchema,
): readonly Diagnostic[] {
  const changes = new Map(planChanges(before, plans).map((change) => [`query ${change.query}`, change]));
  const told = new Set<string>();
  const extended = diagnostics.map((diagnostic): Diagnostic => {
    const change = diagnostic.code === 'query-over-budget' ? changes.get(diagnostic.subject ?? '') : undefined;
    if (change === undefined) return diagnostic;
    told.add(diagnostic.subject ?? '');
    const lines = [`it was planned so before; the cost goes ${changeOfCost(change)}:`, ...indented(change.before.plan)];
    return { ...diagnostic, message: [diagnostic.message, ...lines].join('\n') };
  });
  const notices = [...changes].filter(([subject]) => !told.has(subject)).map(([subject, change]) => noticeOf(subject, change, declared));
  return [...extended, ...notices];
}

function noticeOf(subject: string, change: PlanChange, declared: DeclaredSchema): Diagnostic {
  const place = declared.queries.find(({ name }) => name === change.query)?.place;
  return {
    code: 'query-plan-changed',
    severity: 'notice',
    message: [
      `the query "${change.query}" is planned otherwise, at a cost ${changeOfCost(change)}; before:`,
      ...indented(change.before.plan),
      'now:',
      ...indented(change.after.plan),
    ].join('\n'),
    subject,
    ...(place === undefined ? {} : { place }),
  };
}
