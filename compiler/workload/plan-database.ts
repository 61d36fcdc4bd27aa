/**
 * The database that queries are planned in, kept from one compile to the next: what changed of the
 * declared things, with all that rests on it, is taken away and made anew, so that it stands there as in a
 * database that is made from nothing. Of volumes it holds the number of partitions and what columns hold.
 */
import { createHash } from 'node:crypto';
import { PostgresError, type PlanningEngine } from '../engine/engine.ts';
import { openPlanningEngine, openPlanningState, type EngineRequest } from '../engine/open.ts';
import type { Address } from '../model/address.ts';
import { rootOf, sameJson, stateOf, type SchemaObject } from '../model/object.ts';
import { quoteText } from '../sql/quote.ts';
import { changePlanDatabase, makePartitions, partitionSpan, preparePlanSession, requireCapabilities } from './build-database.ts';
import { groupBy } from './group.ts';
import { evictionExtension, evictionSchema } from './inject.ts';
import { objectsOf } from './sight.ts';
import type { WrittenStatistics } from './statistics.ts';
import type { Volumes } from './volumes.ts';

export interface PlanDatabaseRequest {
  readonly cacheFolder: string;
  /** Extensions that the objects need. */
  readonly extensions: readonly string[];
  readonly objects: readonly SchemaObject[];
  readonly volumes: Volumes;
  /** `kept`: begins with what an earlier compile left, and leaves its own; `nothing`: all is made anew. */
  readonly from: 'kept' | 'nothing';
}

/** What a database holds, written in itself, so that it can never be taken for another one. */
interface Kept {
  readonly objects: readonly SchemaObject[];
  /** What each root is made of, its partitions among it. */
  readonly digests: readonly (readonly [Address, string])[];
  readonly statistics: readonly (readonly [string, string])[];
}

/** A database to plan in. */
export interface PlanDatabase {
  readonly engine: PlanningEngine;
  /** The statistics that are written in it. */
  readonly statistics: WrittenStatistics;
  /** Keeps it with these statistics for a later compile; nothing may be pretended yet. */
  readonly keep: (statistics: WrittenStatistics) => Promise<void>;
}

const stateKey = 'plan-database';

/** Opens what an earlier compile left, before it is known what will be planned. */
export async function openKeptPlanDatabase(request: EngineRequest): Promise<PlanningEngine | undefined> {
  return openPlanningState(request, stateKey);
}

/**
 * A database with the objects, and with the partitions that their volumes speak of; `opened` is what
 * `openKeptPlanDatabase` gave. Fails with a `PostgresError` or `LacksCapability` where they cannot be made.
 */
export async function planDatabase(request: PlanDatabaseRequest, opened: Promise<PlanningEngine | undefined>): Promise<PlanDatabase> {
  const kept = await opened;
  if (kept !== undefined) {
    try {
      const changed = request.from === 'kept' ? await keptDatabase(kept, request) : undefined;
      if (changed !== undefined) return changed;
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
    }
    await kept.close();
  }
  const engine = await openPlanningEngine({
    cacheFolder: request.cacheFolder,
    extensions: [...request.extensions, evictionExtension],
  });
  try {
    requireCapabilities(engine, request.objects);
    await engine.execute(
      `CREATE SCHEMA ${evictionSchema}; CREATE EXTENSION ${evictionExtension} SCHEMA ${evictionSchema}; CREATE TABLE ${evictionSchema}.kept (content text)`,
    );
    await preparePlanSession(engine);
    return await built(engine, { objects: [], digests: [], statistics: [] }, request);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Makes a kept database what is asked for; undefined where an extension would have to be loaded first. */
async function keptDatabase(engine: PlanningEngine, request: PlanDatabaseRequest): Promise<PlanDatabase | undefined> {
  if (!request.extensions.every((name) => engine.has(`extension ${name}`))) return undefined;
  const [row] = await engine.query(`SELECT content FROM ${evictionSchema}.kept`);
  if (typeof row?.['content'] !== 'string') return undefined;
  await preparePlanSession(engine);
  return built(engine, JSON.parse(row['content']) as Kept, request);
}

async function built(engine: PlanningEngine, kept: Kept, { objects, volumes, from }: PlanDatabaseRequest): Promise<PlanDatabase> {
  const digests = digestsOf(objects, volumes);
  const left = staying(kept, digests);
  const remaining = objectsOf(kept.objects, left);
  await changePlanDatabase(engine, kept.objects, remaining);
  await changePlanDatabase(engine, remaining, objects);
  for (const volume of volumes.values()) {
    if (volume.rule !== undefined && digests.has(volume.table) && !left.has(volume.table))
      await makePartitions(engine, volume, volume.rule);
  }
  const isSame = left.size === digests.size && left.size === kept.digests.length;
  const statistics = new Map(await standing(engine, kept.statistics));
  return {
    engine,
    statistics,
    keep: async (written) => {
      if (from === 'nothing' || (isSame && sameJson([...written], [...statistics]))) return;
      const content: Kept = { objects, digests: [...digests], statistics: [...written] };
      await engine.execute(
        `DELETE FROM ${evictionSchema}.kept; INSERT INTO ${evictionSchema}.kept VALUES (${quoteText(JSON.stringify(content))})`,
      );
      await engine.keep(stateKey);
    },
  };
}

/** Statistics go with their relation, and an oid may come again. */
async function standing(engine: PlanningEngine, statistics: Kept['statistics']): Promise<Kept['statistics']> {
  if (statistics.length === 0) return [];
  const rows = await engine.query(
    `SELECT DISTINCT concat_ws(' ', starelid, staattnum, stainherit::text) AS key FROM pg_catalog.pg_statistic WHERE starelid >= 16384`,
  );
  const there = new Set(rows.map((row) => row['key']));
  return statistics.filter(([key]) => there.has(key));
}

function digestsOf(objects: readonly SchemaObject[], volumes: Volumes): ReadonlyMap<Address, string> {
  const state = stateOf(objects);
  return new Map(
    [...groupBy(objects, (object) => rootOf(object, state))].map(([root, parts]) => {
      const volume = volumes.get(root);
      const content = [parts, volume === undefined ? undefined : partitionSpan(volume)];
      return [root, createHash('sha256').update(JSON.stringify(content)).digest('hex')];
    }),
  );
}

/** Roots that are as they are to be, and rest on none that is not. */
function staying({ objects, digests: before }: Kept, after: ReadonlyMap<Address, string>): ReadonlySet<Address> {
  const state = stateOf(objects);
  const dependents = groupBy(
    objects.flatMap((object) =>
      object.dependsOn.flatMap((id) => {
        const needed = state.get(id);
        return needed === undefined ? [] : [{ needed: rootOf(needed, state), root: rootOf(object, state) }];
      }),
    ),
    ({ needed }) => needed,
  );
  const going = new Set(before.flatMap(([root, digest]) => (after.get(root) === digest ? [] : [root])));
  // A set gives what is added while it is walked.
  for (const root of going) dependents.get(root)?.forEach((each) => going.add(each.root));
  return new Set(before.flatMap(([root]) => (going.has(root) ? [] : [root])));
}
