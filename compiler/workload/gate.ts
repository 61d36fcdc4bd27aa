/**
 * The plan gate: every declared query, planned at the declared volumes in every profile, against its
 * budget. Plain data in and out; what is found gets its place and its words elsewhere.
 */
import { PostgresError, type PlanningEngine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { SchemaObject } from '../model/object.ts';
import type { PlannerSettings, QueryPlan } from '../model/workload.ts';
import { proofMoment } from '../prove/run.ts';
import { quoteText } from '../sql/quote.ts';
import { plannedObjects } from './build-database.ts';
import { readRelations, type PlannedRelation } from './catalog.ts';
import { partitionTree } from './partition-tree.ts';
import { modelDatabase, type DatabaseModel, type RelationLength } from './database-model.ts';
import { explainQuery, isGenericChosen, type Plans } from './explain.ts';
import { inject } from './inject.ts';
import type { PlanDatabase } from './plan-database.ts';
import { writeStatistics, type WrittenStatistics } from './statistics.ts';
import { proveMechanism } from './self-test.ts';
import { addressesOf } from './index-addresses.ts';
import { indexesOf, namesOf, namingOf, nodesOf, planLines, shortened, tablesOf, type Names } from './plan-tree.ts';
import { isRefused, prepareQueries, type GateQuery, type PreparedQuery, type RefusedQuery } from './prepare.ts';
import { afterChurn, asDeclared, grown, type Profile } from './profiles.ts';
import { spareIndexes, type SpareIndex } from './spare-indexes.ts';
import { suggestIndex, type Suggestion } from './suggest.ts';
import { broken, factsOf, readWhole, type PlanFacts, type RowsOf } from './verdict.ts';
import type { Volumes } from './volumes.ts';

/** A query that breaks its budget, or that PostgreSQL refuses. */
export interface GateFinding {
  readonly query: string;
  readonly form: 'refused' | 'over budget' | 'over budget when grown';
  readonly message: string;
  readonly hint?: string;
  readonly at: number | 'types' | 'samples' | 'budget';
}

export interface GateResult {
  readonly plans: readonly QueryPlan[];
  readonly findings: readonly GateFinding[];
}

/** Plain data, so that it can go to another thread. */
export interface GateRequest {
  /** All that the queries can see. */
  readonly objects: readonly SchemaObject[];
  readonly volumes: Volumes;
  readonly queries: readonly GateQuery[];
  readonly planner: PlannerSettings;
  /** Whether plans name schemas: where two declared tables have one name, those that are not built among them. */
  readonly naming: 'plain' | 'qualified';
}

export function gateRequest(declared: DeclaredSchema, volumes: Volumes): GateRequest {
  return {
    objects: plannedObjects(declared.objects),
    volumes,
    queries: declared.queries.map(({ name, sql, use }) => ({ name, sql, use })),
    planner: declared.project.planner,
    naming: namingOf(declared.objects),
  };
}

/** Plans every query in a database that holds the objects empty; it is of no use for anything else afterwards. */
export async function runGate(database: PlanDatabase, request: GateRequest): Promise<GateResult> {
  const { engine } = database;
  const { objects, volumes } = request;
  await setPlanner(engine, request.planner);
  const relations = relationsOf(await readRelations(engine), objects);
  const prepared = await prepareQueries(engine, request.queries);
  const refused = prepared.filter(isRefused).map(refusal);
  const context: Context = {
    database,
    engine,
    relations,
    names: namesOf(relations, request.naming),
    volumes,
    address: addressesOf(objects),
  };
  let queries = prepared.filter((each): each is PreparedQuery => !isRefused(each));
  const plans = new Map<string, QueryPlan>();
  const found = new Map<string, GateFinding>(refused.map((finding) => [finding.query, finding]));
  let last: Pretended | undefined;
  for (const profile of [asDeclared, afterChurn, grown]) {
    if (queries.length === 0) break;
    const pretence = await pretend(context, profile, last);
    last = { profile, ...pretence };
    for (const query of queries) {
      const answer = await planned(context, query, pretence, profile);
      if (answer.finding !== undefined && !found.has(query.query.name)) found.set(query.query.name, answer.finding);
      if (answer.cost === undefined) continue;
      const first = plans.get(query.query.name);
      if (first === undefined && answer.plan !== undefined) plans.set(query.query.name, answer.plan);
      else if (first !== undefined) plans.set(query.query.name, { ...first, ...laterFigures(first, answer, profile) });
    }
    queries = queries.filter(({ query }) => plans.has(query.name));
  }
  return { plans: [...plans.values()], findings: request.queries.flatMap(({ name }) => found.get(name) ?? []) };
}

/** Costs of a later profile; an index is spared only where it is in each of them. */
function laterFigures({ spare }: QueryPlan, { cost = 0, spare: now = [] }: Answer, profile: Profile): Partial<QueryPlan> {
  const left = spare?.filter(({ index }) => now.some((other) => other.index === index));
  return { [profile === grown ? 'grownCost' : 'churnedCost']: cost, ...(left === undefined ? {} : { spare: left }) };
}

interface Context {
  readonly database: PlanDatabase;
  readonly engine: PlanningEngine;
  readonly relations: readonly PlannedRelation[];
  readonly names: Names;
  readonly volumes: Volumes;
  readonly address: (schema: string, name: string) => Address | undefined;
}

/** The database may hold more than these queries can see. */
function relationsOf(relations: readonly PlannedRelation[], objects: readonly SchemaObject[]): readonly PlannedRelation[] {
  const declared = new Set(objects.map(({ path }) => `${path[0] ?? ''} ${path[1] ?? ''}`));
  const tree = partitionTree(relations);
  return relations.filter((relation) => {
    const { schema, name } = tree.root(relation);
    return declared.has(`${schema} ${name}`);
  });
}

async function setPlanner(engine: PlanningEngine, planner: PlannerSettings): Promise<void> {
  for (const [name, value] of Object.entries(planner)) {
    await engine.execute(`SELECT pg_catalog.set_config(${quoteText(name)}, ${quoteText(String(value))}, false)`);
  }
}

interface Pretended extends Pretence {
  readonly profile: Profile;
}

/** What is pretended of each relation. */
interface Pretence {
  readonly model: DatabaseModel;
  readonly statistics: WrittenStatistics;
  readonly rowsOf: RowsOf;
  readonly lengthOf: (relation: PlannedRelation) => RelationLength;
}

async function pretend(context: Context, profile: Profile, last: Pretended | undefined): Promise<Pretence> {
  const { database, engine, relations, volumes } = context;
  const like = last?.profile.rows === profile.rows ? { like: last.model } : {};
  const model = modelDatabase({ relations, volumes, profile, clock: proofMoment, ...like });
  const isWritten = model.attributes === last?.model.attributes;
  const statistics = isWritten ? last.statistics : await writeStatistics(engine, model, last?.statistics ?? database.statistics);
  if (last === undefined) await database.keep(statistics);
  await inject(engine, model, profile);
  await proveMechanism(engine, model);
  const byOid = new Map(model.relations.map((each) => [each.relation.oid, each]));
  return {
    model,
    statistics,
    rowsOf: ({ oid }) => byOid.get(oid)?.rows ?? 0,
    lengthOf: ({ oid, file }) => byOid.get(oid)?.length ?? { oid, file, pages: 0, tuples: -1, allVisible: 0 },
  };
}

function refusal({ query, error, at }: RefusedQuery): GateFinding {
  const hint = [error.detail, error.hint].filter((text) => text !== undefined).join('; ');
  return {
    query: query.name,
    form: 'refused',
    message: `PostgreSQL refuses the query "${query.name}": ${error.message} (${error.code})`,
    at,
    ...(hint === '' ? {} : { hint }),
  };
}

interface Answer {
  readonly plan?: QueryPlan;
  readonly cost?: number;
  readonly spare?: NonNullable<QueryPlan['spare']>;
  readonly finding?: GateFinding;
}

async function planned(context: Context, query: PreparedQuery, pretence: Pretence, profile: Profile): Promise<Answer> {
  const { engine, names } = context;
  const { rowsOf } = pretence;
  let plans: Plans;
  try {
    plans = await explainQuery(engine, query, names);
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    return { finding: refusal({ query: query.query, error, at: 'samples' }) };
  }
  const custom = factsOf(plans.custom, names);
  const generic = factsOf(plans.generic, names);
  const judged = isGenericChosen(generic.cost, custom.cost, nodesOf(plans.custom).length) ? [custom, generic] : [custom];
  const { budget } = query.query.use;
  const worst = judged.find((facts) => broken(facts, budget, rowsOf, wordsOf(profile)).length > 0);
  const finding = worst === undefined ? undefined : await overBudget(context, query, { worst, custom, pretence, profile });
  const isWithin = (facts: PlanFacts): boolean => broken(facts, budget, rowsOf, wordsOf(profile)).length === 0;
  const spare = addressed(context, await spareIndexes({ ...context, query, facts: custom, isWithin }));
  return {
    cost: custom.cost,
    spare,
    ...(profile === asDeclared
      ? { plan: { ...queryPlan(context, query, custom, generic, rowsOf), ...(spare.length === 0 ? {} : { spare }) } }
      : {}),
    ...(finding === undefined ? {} : { finding }),
  };
}

function addressed({ address }: Context, spare: readonly SpareIndex[]): NonNullable<QueryPlan['spare']> {
  return spare.flatMap(({ index, by }) => {
    const id = address(index.schema, index.name);
    return id === undefined ? [] : [{ index: id, by: by.flatMap((other) => address(other.schema, other.name) ?? []) }];
  });
}

/** Costs and rows grow with the data, which is no fault of the plan. */
function wordsOf(profile: Profile): 'all' | 'structure' {
  return profile === asDeclared ? 'all' : 'structure';
}

interface Failure {
  readonly worst: PlanFacts;
  readonly custom: PlanFacts;
  readonly pretence: Pretence;
  readonly profile: Profile;
}

async function overBudget(context: Context, query: PreparedQuery, failure: Failure): Promise<GateFinding> {
  const { worst, custom, pretence, profile } = failure;
  const { rowsOf } = pretence;
  const { name, use } = query.query;
  const words = broken(worst, use.budget, rowsOf, wordsOf(profile));
  const how = worst === custom ? '' : ', with the plan that a server keeps for any parameters';
  const isWithin = (facts: PlanFacts): boolean => broken(facts, use.budget, rowsOf, wordsOf(profile)).length === 0;
  // What only comes with growth is no error, and no index keeps a query from more partitions.
  const canHelp = profile !== grown && !words.every((word) => word.endsWith('(maxPartitions)'));
  const suggestion = canHelp
    ? await suggestIndex({ engine: context.engine, names: context.names, query, isWithin, worst, ...pretence })
    : undefined;
  return {
    query: name,
    form: profile === grown ? 'over budget when grown' : 'over budget',
    message: [
      `the query "${name}" ${words.join('; ')} (${profile.name}${how}):`,
      ...shortened(planLines(worst.plan, context.names, 1), 16),
    ].join('\n'),
    hint: suggestion === undefined ? withoutSuggestion : suggestionText(suggestion),
    at: 'budget',
  };
}

const withoutSuggestion = 'change the query, its budget, or the declared rows and values if they are not what production has';

function suggestionText({ table, columns, cost, lines }: Suggestion): string {
  return [
    `an index of ${table} on (${columns.join(', ')}) would keep it within its budget, at a cost of ${cost}:`,
    ...shortened(lines, 8),
  ].join('\n');
}

function queryPlan(context: Context, query: PreparedQuery, custom: PlanFacts, generic: PlanFacts, rowsOf: RowsOf): QueryPlan {
  const { names, address } = context;
  const { name, use } = query.query;
  const addresses = (relations: readonly { readonly schema: string; readonly name: string }[]): readonly Address[] =>
    [...new Set(relations.flatMap(({ schema, name: relation }) => address(schema, relation) ?? []))].sort();
  return {
    query: name,
    text: query.text,
    parameters: query.parameters,
    result: query.result,
    plan: planLines(custom.plan, names),
    cost: custom.cost,
    rows: custom.rows,
    partitions: Math.max(0, ...custom.partitions.values()),
    ...(custom.unpruned.length === 0 ? {} : { unpruned: addresses(custom.unpruned) }),
    genericCost: generic.cost,
    grownCost: custom.cost,
    indexes: addresses([...indexesOf(custom.plan, names), ...indexesOf(generic.plan, names)]),
    tables: addresses(tablesOf(custom.plan, names)),
    readWhole: addresses(readWhole(custom, rowsOf, 0)),
    budget: use.budget,
    ...(use.callsPerSecond === undefined ? {} : { callsPerSecond: use.callsPerSecond }),
  };
}
