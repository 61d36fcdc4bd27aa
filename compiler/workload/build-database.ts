/**
 * Makes what queries are planned in: everything that is declared and may change a plan, empty, with every
 * partition that the rules keep. Which of it is there already, and what is kept, is plan-database.ts.
 */
import type { Engine } from '../engine/engine.ts';
import { kindOf } from '../kinds/registry.ts';
import { diff } from '../diff/diff.ts';
import { parseAddress } from '../model/address.ts';
import { stateOf, type SchemaObject } from '../model/object.ts';
import { makePlan } from '../plan/plan.ts';
import { proofClock, runStep } from '../prove/run.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';
import type { TableVolume } from './volumes.ts';

/** The engine cannot hold what is declared. */
export class LacksCapability extends Error {
  constructor(engine: Engine, lacking: readonly string[]) {
    super(`${engine.identity.name} has no ${lacking.join(', ')}`);
    this.name = 'LacksCapability';
  }
}

/** Throws `LacksCapability` where the objects need what the engine lacks; a compression changes no plan. */
export function requireCapabilities(engine: Engine, objects: readonly SchemaObject[]): void {
  const needed = new Set(objects.flatMap((object) => kindOf(object).requires?.(object) ?? []));
  const lacking = [...needed].filter((capability) => !engine.has(capability) && !capability.startsWith('compression '));
  if (lacking.length > 0) throw new LacksCapability(engine, lacking);
}

/** What changes no plan: comments are half of the statements, and what names roles would need them. */
const needless = new Set(['comment', 'grant', 'default-privilege', 'owner', 'policy', 'publication', 'publication-table', 'reference-row']);

export function plannedObjects(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  return objects.filter(({ id }) => !needless.has(parseAddress(id)?.kind ?? ''));
}

/** Settings that what is made, and every plan, may depend on. */
export async function preparePlanSession(engine: Engine): Promise<void> {
  await engine.execute(
    `SET TimeZone TO 'UTC'; SET schemac.at = ${quoteText(proofClock)}; SET client_min_messages TO warning; SET search_path TO public`,
  );
}

/** Makes a database that holds some objects hold others; what is in both must be the same. */
export async function changePlanDatabase(engine: Engine, from: readonly SchemaObject[], to: readonly SchemaObject[]): Promise<void> {
  const [before, after] = [stateOf(from), stateOf(to)];
  const changes = diff(before, after);
  if (changes.length === 0) return;
  const { statements } = makePlan({ before, after, changes, major: engine.identity.major, annotation: () => ({}) });
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await engine.execute(batch.join(';\n'));
    batch = [];
  };
  for (const statement of statements) {
    if (statement.step === 'expand') {
      await flush();
      await runStep(engine, statement);
    } else batch.push(statement.sql);
  }
  await flush();
}

/** The first of the partitions that hold rows is made by hand; the rule's own function makes those between it and the present. */
export async function makePartitions(engine: Engine, volume: TableVolume, rule: NonNullable<TableVolume['rule']>): Promise<void> {
  const parent = quoteText(qualifiedName(volume.path));
  // Retention would keep the function from making what a scale asks for beyond it.
  await engine.execute(`UPDATE schemac.partition_rule SET retain = NULL WHERE to_regclass(parent) = ${parent}::regclass`);
  await engine.execute(makeFirst(parent, volume, rule));
  await engine.execute(`SELECT schemac.partition_create(${parent}, ${quoteText(proofClock)}::timestamptz)`);
}

/** What decides the partitions of a table, beside the rule that is declared. */
export function partitionSpan(volume: TableVolume): string | undefined {
  return volume.rule === undefined ? undefined : spanSql(volume, volume.rule);
}

/** How far back rows go: by the scale, by retention, by the yearly growth, or a year. */
function spanSql(volume: TableVolume, rule: NonNullable<TableVolume['rule']>): string {
  if (volume.partitions !== undefined) return `${quoteText(rule.every)}::interval * ${Math.max(0, volume.partitions - 1)}`;
  if (rule.retain !== undefined) return `${quoteText(rule.retain)}::interval`;
  const { rows, perYear } = volume.volume;
  const days = perYear === undefined || perYear <= 0 ? 365 : Math.ceil((rows / perYear) * 365);
  return `interval '${Math.min(days, 3650)} days'`;
}

function makeFirst(parent: string, volume: TableVolume, rule: NonNullable<TableVolume['rule']>): string {
  const every = quoteText(rule.every);
  return `
    WITH key AS (
      SELECT format_type(a.atttypid, NULL) AS type FROM pg_partitioned_table p
      JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] WHERE p.partrelid = ${parent}::regclass
    ), zone AS (
      SELECT type, CASE type WHEN 'timestamp with time zone' THEN ${quoteText(rule.zone)} ELSE 'UTC' END AS name,
        CASE type WHEN 'timestamp with time zone' THEN ${quoteText(proofClock)}::timestamptz
          ELSE (${quoteText(proofClock)}::timestamptz AT TIME ZONE ${quoteText(rule.zone)}) AT TIME ZONE 'UTC' END AS clock FROM key
    ), cell AS (
      SELECT zone.*, c.lower, c.upper FROM zone,
        schemac.partition_cell((zone.clock AT TIME ZONE zone.name - ${spanSql(volume, rule)}) AT TIME ZONE zone.name, ${every}, zone.name) c
    )
    SELECT schemac.partition_make(${parent}::regclass,
      format('%I.%I', ${quoteText(volume.path[0] ?? '')}, schemac.partition_name(${parent}, schemac.partition_suffix(lower, ${every}))),
      format('FOR VALUES FROM (%L) TO (%L)', schemac.partition_value(lower, type, r), schemac.partition_value(upper, type, r)), r.within, '', '')
    FROM cell JOIN schemac.partition_rule r ON to_regclass(r.parent) = ${parent}::regclass WHERE lower < (SELECT min(l.lower) FROM schemac.partition_list(${parent}) l)`;
}
