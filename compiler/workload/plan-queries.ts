/**
 * Plans queries in a database of what they can see, and says why where that cannot be done. What comes in
 * and goes out is plain data; who keeps results is elsewhere.
 */
import { PostgresError, type PlanningEngine } from '../engine/engine.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { SchemaObject } from '../model/object.ts';
import { gateRequest, runGate, type GateRequest, type GateResult } from './gate.ts';
import { LacksCapability } from './build-database.ts';
import { planDatabase, type PlanDatabase } from './plan-database.ts';
import { PretenceFailed } from './self-test.ts';
import { objectsOf, sightOf } from './sight.ts';
import type { Volumes } from './volumes.ts';

export interface PlanRequest extends GateRequest {
  readonly cacheFolder: string;
  /** Extensions that the objects need. */
  readonly extensions: readonly string[];
  /** The texts of all declared queries, those among them that need not be planned. */
  readonly declared: readonly string[];
  readonly from: 'kept' | 'nothing';
}

/** Everything that is declared, to be planned whole; a caller who knows some plans takes their queries out. */
export function planRequest(
  declared: DeclaredSchema,
  volumes: Volumes,
  engine: Pick<PlanRequest, 'cacheFolder' | 'extensions' | 'from'>,
): PlanRequest {
  return { ...gateRequest(declared, volumes), ...engine, declared: declared.queries.map(({ sql }) => sql) };
}

/** Plans could not be made at all, whatever the queries. */
export interface NotPlanned {
  readonly why: string;
}

/**
 * Plans the queries. Where PostgreSQL misses something in a database of what they can see, their words
 * were not all: then everything is built, and what is refused still is refused.
 */
export async function planQueries(request: PlanRequest, opened: Promise<PlanningEngine | undefined>): Promise<GateResult | NotPlanned> {
  const sight = sightOf(request.objects);
  const seenBy = (texts: readonly string[]): readonly SchemaObject[] =>
    objectsOf(request.objects, new Set(texts.flatMap((sql) => [...sight(sql)])));
  const seen = seenBy(request.queries.map(({ sql }) => sql));
  const answer = await planIn(request, seen, opened, seenBy(request.declared));
  const isWhole = !('why' in answer) && !answer.findings.some(({ form }) => form === 'refused');
  if (isWhole || seen.length === request.objects.length) return answer;
  return planIn({ ...request, from: 'nothing' }, request.objects, Promise.resolve(undefined), request.objects);
}

async function planIn(
  request: PlanRequest,
  seen: readonly SchemaObject[],
  opened: Promise<PlanningEngine | undefined>,
  built: readonly SchemaObject[],
): Promise<GateResult | NotPlanned> {
  let database: PlanDatabase | undefined;
  try {
    database = await planDatabase({ ...request, objects: built }, opened);
    return await runGate(database, { ...request, objects: seen });
  } catch (error) {
    if (error instanceof LacksCapability) return { why: error.message };
    if (error instanceof PretenceFailed) return { why: `pretended lengths are not taken: ${error.message}` };
    if (error instanceof PostgresError) return { why: `the schema cannot be built: ${error.message}` };
    throw error;
  } finally {
    await database?.engine.close();
  }
}
