/**
 * The plan gate as `compile` and `check` use it: runs it, or takes what it found when schema, volumes,
 * queries and compiler were the same, and makes diagnostics of its findings.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { PostgresError } from '../engine/engine.ts';
import { openPlanningEngine } from '../engine/open.ts';
import type { DeclaredSchema, PlacedQuery } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { QueryPlan } from '../model/workload.ts';
import { lackingOf } from '../workload/build-database.ts';
import { runGate, type GateFinding, type GateResult } from '../workload/gate.ts';
import { evictionExtension } from '../workload/inject.ts';
import { PretenceFailed } from '../workload/self-test.ts';
import { volumesOf, type Volumes } from '../workload/volumes.ts';
import { cachedFile, writeCached } from '../workspace/head-cache.ts';
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
}

export async function planGate(request: PlanGateRequest): Promise<GateAnswer> {
  const { declared, workspace } = request;
  if (declared.queries.length === 0) return { plans: [], diagnostics: [] };
  const volumes = request.volumes ?? volumesOf(declared);
  const key = gateKey(declared, volumes);
  const known = request.trust === 'cache' ? readResult(workspace, key) : undefined;
  const result = known ?? (await run(workspace, declared, volumes));
  if ('code' in result) return { plans: [], diagnostics: [result] };
  if (known === undefined && request.trust === 'cache') writeCached(workspace, 'plans', { head: key, text: JSON.stringify(result) });
  const queries = new Map(declared.queries.map((query) => [query.name, query]));
  return { plans: result.plans, diagnostics: result.findings.map((finding) => diagnosticOf(finding, queries.get(finding.query))) };
}

/** Everything that decides a plan; places and documents do not. */
function gateKey(declared: DeclaredSchema, volumes: Volumes): string {
  const queries = declared.queries.map(({ name, sql, use }) => ({ name, sql, use }));
  const content = [compilerDigest(), declared.objects, [...volumes], queries, declared.project.planner];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function readResult(workspace: Workspace, key: string): GateResult | undefined {
  const path = cachedFile(workspace, 'plans', key);
  if (path === undefined || !existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as GateResult;
  } catch {
    // Half a result is none: the queries are planned again.
    return undefined;
  }
}

async function run(workspace: Workspace, declared: DeclaredSchema, volumes: Volumes): Promise<GateResult | Diagnostic> {
  const { cacheFolder } = engineRequestOf(workspace, undefined);
  const engine = await openPlanningEngine({ cacheFolder, extensions: [...extensionsOf(declared.objects), evictionExtension] });
  try {
    const lacking = lackingOf(engine, declared);
    if (lacking.length > 0) return notChecked(`${engine.identity.name} has no ${lacking.join(', ')}`);
    return await runGate(engine, { declared, volumes });
  } catch (error) {
    if (error instanceof PretenceFailed) return notChecked(`${engine.identity.name} does not take pretended lengths: ${error.message}`);
    if (error instanceof PostgresError) return notChecked(`${engine.identity.name} cannot build the schema: ${error.message}`);
    throw error;
  } finally {
    await engine.close();
  }
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

function diagnosticOf({ form, message, hint, at, query }: GateFinding, declared: PlacedQuery | undefined): Diagnostic {
  const place = declared?.placeAt(at);
  return {
    ...codes[form],
    message,
    subject: `query ${query}`,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}
