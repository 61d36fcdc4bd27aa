/**
 * A column under a new name beside the old one, until the deploy is over (rule book C20): a trigger
 * keeps both equal, so that code that knows the one name and code that knows the other write the same.
 */
import { pathText } from '../../model/address.ts';
import { partsOf, sameJson, type SchemaObject, type State } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import { keepEqual } from '../../sql/row-trigger.ts';
import type { PlanContext } from '../contract.ts';
import { laterColumn } from '../former-column.ts';
import { hazard, lock, tableOf } from '../statements.ts';
import { alterTable } from './clause.ts';
import { isBoundIn } from './exchange-rule.ts';
import { fillBeside, fillingTrigger } from './fill-beside.ts';
import type { Column } from './object.ts';

/** Kinds that can be on both columns for a while, under two names. */
const canBeTwice = new Set(['index', 'unique', 'check', 'foreign-key', 'view', 'statistics', 'policy', 'default', 'comment']);

/** Whether both columns can be there for a while; otherwise it is renamed at once. */
export function canStandBeside(before: Column, after: Column, states: { readonly before: State; readonly after: State }): boolean {
  const { identity, generated, notNull } = before.attributes;
  if (identity !== undefined || generated !== undefined || notNull !== undefined) return false;
  if (!sameJson(before.attributes, after.attributes) || isBoundIn(before, [states.before, states.after])) return false;
  if (!sameJson(defaultOf(before, states.before), defaultOf(after, states.after))) return false;
  return [...states.before.values()].every((object) => !object.dependsOn.includes(before.id) || canBeOnBoth(object, before, states.after));
}

function defaultOf(column: Column, state: State): unknown {
  return partsOf(state, column.id).find(({ attributes }) => 'expression' in attributes)?.attributes;
}

/** What keeps its name would leave the old column for the new one before the deploy, and old code needs it. */
function canBeOnBoth(object: SchemaObject, column: Column, after: State): boolean {
  const isKey = object.kind === 'unique';
  const refersHere = 'references' in object.attributes && object.partOf !== tableOf(column);
  const { replicaIdentity, clustered } = object.attributes as { readonly replicaIdentity?: unknown; readonly clustered?: unknown };
  if (refersHere || replicaIdentity !== undefined || clustered !== undefined) return false;
  return canBeTwice.has(object.kind) && !(isKey && after.has(object.id));
}

function triggerOf(column: SchemaObject, former: SchemaObject): ReturnType<typeof fillingTrigger> {
  return fillingTrigger(column as Column, keepEqual(former.path[2] ?? '', column.path[2] ?? ''));
}

export function createBeside(column: Column, former: Column, context: PlanContext): readonly Statement[] {
  const steps = fillBeside(
    {
      column,
      from: former,
      trigger: triggerOf(column, former),
      expression: quoteName(former.path[2] ?? ''),
      purpose: `the new name of ${former.path[2] ?? ''}, which stays in use until the deploy is over`,
      hazards: [],
    },
    context,
  );
  // Views, indexes and policies on it wait until it is filled.
  const last = steps.length - 1;
  return steps.map((step, place) => ({
    ...step,
    makes: [...step.makes.filter((id) => id !== column.id), ...(place === last ? [column.id] : [])],
  }));
}

/** Nothing is lost by it: the new column has every value. */
export function dropFormer(former: Column, context: PlanContext): readonly Statement[] | undefined {
  const column = laterColumn(former, context);
  if (column === undefined) return undefined;
  const { drop } = triggerOf(column, former);
  const [old, name] = [former.path[2] ?? '', column.path[2] ?? ''];
  const base = {
    subject: former.id,
    needs: [column.id, ...partsOf(context.after, column.id).map(({ id }) => id)],
    atomic: `drop ${former.id}`,
    locks: lock('AccessExclusiveLock', tableOf(former)),
    phase: 'contract' as const,
  };
  return [
    statement({ ...base, sql: drop.trigger, purpose: `Keep ${old} and ${name} equal no more.`, destroys: [former.id] }),
    statement({ ...base, sql: drop.routine, purpose: 'The function has no trigger any more.', locks: [] }),
    statement({
      ...base,
      sql: `${alterTable(former)} DROP COLUMN ${quoteName(old)}`,
      purpose: `Drop the old name ${old} of ${pathText(column.path)}, which has every value.`,
      hazards: [hazard('application-order', former.id, `no running version of the application may use the name ${old} any more`)],
      probe: `absent ${former.id}`,
    }),
  ];
}
