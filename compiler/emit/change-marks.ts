/**
 * What a change did, told of the nodes that a diagram draws: an object that no node stands for (a
 * default, a comment) marks what it is part of, and whatever changes in a table marks the table.
 */
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { ChangeMark, DocumentNode } from '../model/document.ts';
import type { SchemaObject } from '../model/object.ts';
import type { Catalogue } from './catalogue.ts';

/** The object of a change: as it is now, or as it was. */
export function objectOf(change: Change): SchemaObject {
  return change.change === 'removed' ? change.before : change.after;
}

const markOf = { added: 'added', removed: 'removed', altered: 'changed' } as const;

/** The nodes of both sides: those of now, and those of before that are gone. */
export function bothSides(before: readonly DocumentNode[], after: readonly DocumentNode[]): readonly DocumentNode[] {
  const present = new Set(after.map((node) => node.id));
  return [...after, ...before.filter((node) => !present.has(node.id))];
}

/** Marks by address for every node that a change touched. `catalogue` holds the nodes of both sides. */
export function marksOf(changes: readonly Change[], catalogue: Catalogue): ReadonlyMap<Address, ChangeMark> {
  const marks = new Map<Address, ChangeMark>();
  const partOf = new Map(changes.map((change) => [objectOf(change).id, objectOf(change).partOf]));
  for (const change of changes) {
    if (catalogue.node(objectOf(change).id) !== undefined) marks.set(objectOf(change).id, markOf[change.change]);
  }
  const touch = (id: Address | undefined): void => {
    if (id !== undefined && !marks.has(id)) marks.set(id, 'changed');
  };
  for (const change of changes) {
    let subject: Address | undefined = objectOf(change).id;
    while (subject !== undefined && catalogue.node(subject) === undefined) subject = partOf.get(subject);
    if (subject === undefined) continue;
    touch(subject);
    touch(catalogue.home(subject)?.id);
  }
  // A soft reference is no object of the database: it comes and goes with its table.
  for (const edge of catalogue.edges) {
    const mark = marks.get(edge.from);
    if (!marks.has(edge.id) && (mark === 'added' || mark === 'removed')) marks.set(edge.id, mark);
  }
  return marks;
}

/** The changes worth a line of their own: not those of the parts of what came or went as a whole. */
export function leadingChanges(changes: readonly Change[]): readonly Change[] {
  const whole = new Map(changes.filter((change) => change.change !== 'altered').map((change) => [objectOf(change).id, change.change]));
  return changes.filter((change) => {
    const owner = objectOf(change).partOf;
    return owner === undefined || change.change === 'altered' || whole.get(owner) !== change.change;
  });
}
