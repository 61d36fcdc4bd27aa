/**
 * The verb `plans`: every declared query with its plan at the declared volumes, or at others, beside its
 * budget. It writes nothing and needs nothing but schema/.
 */
import { budgetWords, planWords } from '../emit/query-budget.ts';
import { load } from '../load/load.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import type { QueryPlan } from '../model/workload.ts';
import { volumesOf } from '../workload/volumes.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import { planGate } from './plan-gate.ts';
import type { CommandResult } from './result.ts';
import { scaledVolumes } from './scaled-volumes.ts';

export interface PlansArguments {
  readonly root: string;
  readonly loader: 'esbuild' | 'ts-node';
  /** `users=100M`, `digests.partitions=60`. */
  readonly scale: readonly string[];
  /** Only these queries; all where empty. */
  readonly queries: readonly string[];
}

export async function plansCommand(given: PlansArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  const declared = await load({ root: workspace.root, folder: 'schema', loader: given.loader });
  if (declared.diagnostics.some(({ severity }) => severity === 'error')) throw new DiagnosticError(declared.diagnostics);
  const volumes = scaledVolumes(volumesOf(declared), given.scale);
  const names = new Set(declared.queries.map(({ name }) => name));
  const unknown = given.queries.filter((name) => !names.has(name));
  if (unknown.length > 0) throw new DiagnosticError(unknown.map((name) => unknownQuery(name, [...names])));
  const { plans, diagnostics } = await planGate({ workspace, declared, volumes, trust: 'cache' });
  const wanted = given.queries.length === 0 ? plans : plans.filter(({ query }) => given.queries.includes(query));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    exitCode: failed ? 1 : 0,
    diagnostics,
    json: { scale: given.scale, plans: wanted, diagnostics },
    lines: names.size === 0 ? ['schema/ declares no query'] : wanted.flatMap(linesOf),
  };
}

function unknownQuery(name: string, names: readonly string[]): Diagnostic {
  return {
    code: 'unknown-query',
    severity: 'error',
    message: `no query is named "${name}"`,
    hint: names.length === 0 ? 'schema/ declares none' : `the declared ones are ${names.join(', ')}`,
  };
}

function linesOf(plan: QueryPlan): readonly string[] {
  const budget = budgetWords(plan.budget);
  return [
    plan.query,
    `  ${planWords(plan).join(', ')}`,
    ...(budget.length === 0 ? [] : [`  budget: ${budget.join(', ')}`]),
    ...plan.plan.map((line) => `    ${line}`),
    '',
  ];
}
