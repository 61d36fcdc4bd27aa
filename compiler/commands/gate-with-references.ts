/** The plan gate over the declared queries and over what nobody declared and yet is asked: same cache, same engine. */
import { isReferenceQuery, partialIndexQueries, plansApart, referenceQueries, type PlansApart } from '../workload/reference-queries.ts';
import { planGate, type GateAnswer, type PlanGateRequest } from './plan-gate.ts';

export type WholeGateAnswer = GateAnswer & PlansApart;

/** As `planGate`; where a project declares no query nothing is planned, foreign keys neither. */
export async function gateWithReferences(request: PlanGateRequest): Promise<WholeGateAnswer> {
  const { declared } = request;
  if (declared.queries.length === 0) return { ...plansApart([]), diagnostics: [] };
  const queries = [...declared.queries, ...referenceQueries(declared), ...partialIndexQueries(declared)];
  const { plans, diagnostics } = await planGate({ ...request, declared: { ...declared, queries } });
  return { ...plansApart(plans), diagnostics: diagnostics.filter(({ subject }) => !isReferenceQuery(subject ?? '')) };
}
