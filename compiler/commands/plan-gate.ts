/**
 * The plan gate as `compile` and `check` use it: plans each query, or takes what it found when all that
 * the query can see was the same, and makes diagnostics of its findings.
 */
import { createHash } from 'node:crypto';
import type { DeclaredSchema, PlacedQuery } from '../model/declared.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { rootOf, stateOf } from '../model/object.ts';
import type { QueryPlan } from '../model/workload.ts';
import type { GateFinding, GateRequest, GateResult } from '../workload/gate.ts';
import { groupBy } from '../workload/group.ts';
import { planRequest, type NotPlanned, type PlanRequest } from '../workload/plan-queries.ts';
import { startPlanner, type Planner } from '../workload/planner.ts';
import { sightOf } from '../workload/sight.ts';
import { volumesOf, type Volumes } from '../workload/volumes.ts';
import { cachedTexts, writeCached } from '../workspace/head-cache.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { extensionsOf } from '../sources/extensions.ts';
import { engineRequestOf } from './engine-request.ts';
import { compilerDigest } from './stamp.ts';

export interface GateAnswer {
  readonly plans: readonly QueryPlan[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanGateRequest {
  readonly workspace: Workspace;
  readonly declared: DeclaredSchema;
  readonly volumes?: Volumes;
  /** Whether an earlier result may stand for this one. */
  readonly trust: 'cache' | 'nothing';
  /** One that was started earlier; without it one is started where there is something to plan. */
  readonly planner?: Planner | undefined;
}

/** What the gate says of one query. */
interface QueryResult {
  readonly plan?: QueryPlan;
  readonly finding?: GateFinding;
}

export async function planGate({ workspace, declared, trust, ...given }: PlanGateRequest): Promise<GateAnswer> {
  if (declared.queries.length === 0) return { plans: [], diagnostics: [] };
  const request = planRequest(declared, given.volumes ?? volumesOf(declared), {
    cacheFolder: engineRequestOf(workspace, undefined).cacheFolder,
    extensions: extensionsOf(declared.objects),
    from: trust === 'cache' ? 'kept' : 'nothing',
  });
  const keys = queryKeys(request);
  const known = trust === 'cache' ? readResults(workspace) : new Map<string, QueryResult>();
  const missing = request.queries.filter(({ name }) => !known.has(keys.get(name) ?? ''));
  const results = new Map([...keys].map(([name, key]) => [name, known.get(key) ?? {}]));
  if (missing.length > 0) {
    const answer = await planWith(given.planner, { ...request, queries: missing });
    if ('why' in answer) return { plans: [], diagnostics: [notChecked(answer.why)] };
    for (const plan of answer.plans) results.set(plan.query, { plan });
    for (const finding of answer.findings) results.set(finding.query, { ...results.get(finding.query), finding });
    if (trust === 'cache') writeResults(workspace, keys, results);
  }
  return {
    plans: declared.queries.flatMap(({ name }) => results.get(name)?.plan ?? []),
    diagnostics: declared.queries.flatMap((query) => {
      const finding = results.get(query.name)?.finding;
      return finding === undefined ? [] : [diagnosticOf(finding, query)];
    }),
  };
}

async function planWith(planner: Planner | undefined, request: PlanRequest): Promise<GateResult | NotPlanned> {
  if (planner !== undefined) return planner.plan(request);
  const own = startPlanner({ cacheFolder: request.cacheFolder, requests: 'one' });
  return own.plan(request).finally(own.release);
}

/** Everything that decides each query's plan; places, documents and what the query cannot see do not. */
function queryKeys({ objects, volumes, queries, planner, naming }: GateRequest): ReadonlyMap<string, string> {
  const state = stateOf(objects);
  const digests = new Map<Address, string>();
  for (const [root, parts] of groupBy(objects, (object) => rootOf(object, state))) {
    const volume = volumes.get(root);
    const others = Object.values(volume?.references ?? {}).map((id) => volumes.get(id)?.volume);
    digests.set(root, digestOf([parts.toSorted((left, right) => (left.id < right.id ? -1 : 1)), volume, others]));
  }
  const sight = sightOf(objects);
  const compiler = compilerDigest();
  return new Map(
    queries.map((query) => {
      const seen = [...sight(query.sql)].sort().map((root) => [root, digests.get(root)]);
      return [query.name, digestOf([compiler, planner, naming, query, seen])];
    }),
  );
}

function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Results of the last runs by the keys of their queries. */
function readResults(workspace: Workspace): ReadonlyMap<string, QueryResult> {
  const results = new Map<string, QueryResult>();
  for (const text of cachedTexts(workspace, 'plans')) {
    try {
      for (const [key, result] of JSON.parse(text) as readonly (readonly [string, QueryResult])[]) results.set(key, result);
    } catch {
      // Half a file is none: its queries are planned again.
    }
  }
  return results;
}

function writeResults(workspace: Workspace, keys: ReadonlyMap<string, string>, results: ReadonlyMap<string, QueryResult>): void {
  const entries = [...keys].map(([name, key]) => [key, results.get(name)]);
  writeCached(workspace, 'plans', { head: digestOf([...keys]), text: JSON.stringify(entries) });
}

function notChecked(why: string): Diagnostic {
  return {
    code: 'plans-not-checked',
    severity: 'warning',
    message: `the declared queries were not planned: ${why}`,
    hint: 'queries are planned on the embedded PostgreSQL alone, whatever --engine says',
  };
}

const codes = {
  refused: { code: 'query-refused', severity: 'error' },
  'over budget': { code: 'query-over-budget', severity: 'error' },
  'over budget when grown': { code: 'query-over-budget-when-grown', severity: 'warning' },
} as const;

function diagnosticOf({ form, message, hint, at, query }: GateFinding, declared: PlacedQuery): Diagnostic {
  const place = declared.placeAt(at);
  return {
    ...codes[form],
    message,
    subject: `query ${query}`,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}
