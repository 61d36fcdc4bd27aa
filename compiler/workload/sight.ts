/**
 * What a query can see: the declared things that its words may name, what those rest on, and what their
 * own words may name. A word too many only has more built and planned again; a name that is no plain
 * word, and what is found without a name, are in every query's sight. No engine is asked here.
 */
import { isDomain, isEnum, isFunction, isMaterializedView, isProcedure, isSequence, isTable, isView } from '../kinds/guards.ts';
import type { Address } from '../model/address.ts';
import { rootOf, stateOf, type SchemaObject } from '../model/object.ts';

/** The roots that a query's text can see, in the order of declaration. */
export type Sight = (sql: string) => ReadonlySet<Address>;

interface Root {
  readonly id: Address;
  readonly words: ReadonlySet<string>;
  readonly needs: ReadonlySet<Address>;
}

/** SQL finds these by their names alone; an operator, a cast or an extension is found by other ways. */
const foundByName = [isTable, isView, isMaterializedView, isEnum, isDomain, isSequence, isFunction, isProcedure];

const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
}

export function sightOf(objects: readonly SchemaObject[]): Sight {
  const roots = rootsOf(objects);
  const byName = new Map<string, Address[]>();
  const always: Address[] = [];
  for (const object of objects) {
    if (!roots.has(object.id)) continue;
    const name = object.path.at(-1)?.toLowerCase() ?? '';
    const isFound = foundByName.some((guard) => guard(object)) && plainName.test(name);
    if (isFound) byName.set(name, [...(byName.get(name) ?? []), object.id]);
    else always.push(object.id);
  }
  return (sql) => {
    const seen = new Set<Address>();
    const look = (id: Address): void => {
      if (roots.has(id)) seen.add(id);
    };
    always.forEach(look);
    for (const word of wordsOf(sql)) byName.get(word)?.forEach(look);
    // A set gives what is added while it is walked.
    for (const id of seen) {
      const root = roots.get(id);
      root?.needs.forEach(look);
      for (const word of root?.words ?? []) byName.get(word)?.forEach(look);
    }
    return new Set([...roots.keys()].filter((id) => seen.has(id)));
  };
}

/** The objects that go with the roots. */
export function objectsOf(objects: readonly SchemaObject[], roots: ReadonlySet<Address>): readonly SchemaObject[] {
  const state = stateOf(objects);
  return objects.filter((object) => roots.has(rootOf(object, state)));
}

function rootsOf(objects: readonly SchemaObject[]): ReadonlyMap<Address, Root> {
  const state = stateOf(objects);
  const roots = new Map<Address, { readonly id: Address; readonly words: Set<string>; readonly needs: Set<Address> }>();
  for (const object of objects) {
    const id = rootOf(object, state);
    const root = roots.get(id) ?? { id, words: new Set(), needs: new Set() };
    roots.set(id, root);
    for (const word of wordsOf(JSON.stringify(object.attributes))) root.words.add(word);
    for (const needed of object.dependsOn) {
      const other = state.get(needed);
      if (other !== undefined) root.needs.add(rootOf(other, state));
    }
  }
  return roots;
}
