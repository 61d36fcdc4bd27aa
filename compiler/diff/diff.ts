/**
 * What differs between two states: added, removed, altered objects, in the order of addresses.
 * Attributes are compared as JSON; facts and dependencies never are. Knows no kind.
 */
import type { Change } from '../model/change.ts';
import { compareText, sameJson, type SchemaObject, type State } from '../model/object.ts';

/** Names of attributes that differ, sorted. */
export function changedAttributes(before: SchemaObject, after: SchemaObject): readonly string[] {
  const left = before.attributes as { readonly [name: string]: unknown };
  const right = after.attributes as { readonly [name: string]: unknown };
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].filter((name) => !sameJson(left[name], right[name])).sort(compareText);
}

export function diff(before: State, after: State): readonly Change[] {
  const changes: Change[] = [];
  for (const object of before.values()) {
    if (!after.has(object.id)) changes.push({ change: 'removed', before: object });
  }
  for (const object of after.values()) {
    const old = before.get(object.id);
    if (old === undefined) changes.push({ change: 'added', after: object });
    else if (!sameJson(old.attributes, object.attributes)) {
      const attributes = changedAttributes(old, object);
      changes.push({ change: 'altered', before: old, after: object, attributes });
    }
  }
  return changes.sort((left, right) => compareText(subjectOf(left), subjectOf(right)));
}

/** The address that a change is about. */
export function subjectOf(change: Change): string {
  return change.change === 'removed' ? change.before.id : change.after.id;
}
