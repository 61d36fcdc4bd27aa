/**
 * How objects are made in a plan: in their place, or, of a table whose rows are moved, beside it until
 * the two are exchanged. Knows no kind; which objects are made beside is said in kinds/.
 */
import type { Address } from '../model/address.ts';
import type { SchemaObject, State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { PlanContext } from '../kinds/contract.ts';
import { kindOf } from '../kinds/registry.ts';
import { besideOf, movedTables, nextId, successorOf } from '../kinds/successor.ts';

/** Gives the statements that make an object, in sequences of their own where it is made beside and takes its place later. */
export type Creator = (object: SchemaObject) => readonly (() => readonly Statement[])[];

export function creatorFor(context: PlanContext): Creator {
  const inPlace: Creator = (object) => [() => kindOf(object).create(object, context)];
  const tables = context.before.size === 0 ? [] : movedTables(context.before, context.after);
  if (tables.length === 0) return inPlace;
  const beside = new Map<Address, SchemaObject>();
  for (const table of tables) for (const object of besideOf(table.id, context.after)) beside.set(object.id, object);
  const ids = new Set(beside.keys());
  const successors: State = new Map([...beside].map(([id, object]) => [nextId(id), successorOf(object, ids)]));
  const own = new Map([...ids].map((id) => [nextId(id), id]));
  const apart: PlanContext = {
    ...context,
    before: new Map(),
    after: new Map([...context.after, ...successors]),
    isNew: (id) => own.has(id),
    isDropped: () => false,
    annotation: (id) => context.annotation(own.get(id) ?? id),
  };
  const isTable = new Set(tables.map(({ id }) => id));
  return (object) => {
    const successor = successors.get(nextId(object.id));
    if (!ids.has(object.id) || successor === undefined) return inPlace(object);
    const make = (): readonly Statement[] =>
      kindOf(successor)
        .create(successor, apart)
        .map((step) => ({ ...withOwnAddress(step, own), apart: true as const }));
    return isTable.has(object.id) ? [make, ...inPlace(object)] : [make];
  };
}

/** What an engine cannot hold is carried for the object in its place. Once that is taken, no statement can be taken back by itself. */
function withOwnAddress({ reverse: _reverse, ...step }: Statement, own: ReadonlyMap<Address, Address>): Statement {
  return step.carries === undefined
    ? step
    : { ...step, carries: { ...step.carries, object: own.get(step.carries.object) ?? step.carries.object } };
}
