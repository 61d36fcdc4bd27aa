/**
 * Elaboration of what changed alone, for `compile` with a snapshot at hand: objects whose declarations
 * are what they were keep their spelling; changed tables and everything that depends on them are
 * spelled anew: in the engine that holds the snapshot's state, or in an empty one beside what they need.
 * Sound because a spelling depends on what an object rests on and on nothing else. Where that cannot be seen
 * from the declarations, the answer is `undefined`, and everything is elaborated. `check` never comes here.
 */
import { createHash } from 'node:crypto';
import { PostgresError, type Engine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import { rootOf, withSource, type SchemaObject, type State } from '../model/object.ts';
import { isForeignKey, isOpaque } from '../kinds/guards.ts';
import { elaborate, elaborateWithin } from './elaborate.ts';

/** Stands for each declared object. */
export type DeclaredHashes = ReadonlyMap<Address, string>;

export interface Known {
  /** The spelled state to which the hashed declarations led. */
  readonly state: State;
  readonly hashes: DeclaredHashes;
}

/** Where to elaborate. */
export interface Places {
  /** Holds the known state, tables of other teams as stubs; it may be that there is none. */
  readonly holding: Engine | undefined;
  readonly empty: () => Promise<Engine>;
}

/** Reading a larger state takes longer than starting an empty engine and building a part of it. */
const mostObjectsHeld = 2000;

const hashed = new WeakMap<DeclaredSchema, DeclaredHashes>();

/** Made once for a schema: a compile wants it before and after. */
export function hashesOf(declared: DeclaredSchema): DeclaredHashes {
  const known = hashed.get(declared);
  if (known !== undefined) return known;
  const hash = (object: SchemaObject): string => createHash('sha1').update(JSON.stringify(object)).digest('base64');
  const hashes = new Map(declared.objects.map((object) => [object.id, hash(object)]));
  hashed.set(declared, hashes);
  return hashes;
}

/** The same as `elaborate`, but for places of columns in tables that did not change; undefined where all must be elaborated. */
export async function elaborateChanged(places: Places, declared: DeclaredSchema, known: Known): Promise<State | undefined> {
  const now = new Map(declared.objects.map((object) => [object.id, object]));
  const changed = changedObjects(declared, known);
  if (![...changed].every((id) => isPart(id, now, known.state))) return undefined;
  const roots = new Set(
    [...now.values(), ...known.state.values()].filter(({ id }) => changed.has(id)).map((object) => rootOf(object, now, known.state)),
  );
  if ([...roots].some((id) => !now.has(id) || declared.annotations.get(id)?.external === true)) return undefined;
  const anew = dependentTrees(roots, now, known.state);
  if ([...now.keys()].some((id) => !anew.has(rootOfId(id, now)) && !known.state.has(id))) return undefined;
  if (anew.size === 0) return joined(now, known.state, new Map());
  const trees: Trees = { declared, now, anew };
  try {
    const spelled = (await spelledInPlace(places, trees, known)) ?? (await spelledBeside(places, trees, changed));
    return joined(now, known.state, new Map([...spelled].filter(([id]) => anew.has(rootOfId(id, now)))));
  } catch (error) {
    // What is wrong is found, and placed, with everything there.
    if (error instanceof DiagnosticError || error instanceof PostgresError) return undefined;
    throw error;
  }
}

/** What is spelled anew. */
interface Trees {
  readonly declared: DeclaredSchema;
  /** What is declared, by address. */
  readonly now: State;
  /** The roots. */
  readonly anew: ReadonlySet<Address>;
}

/** In the engine that holds the known state, where there is one and what it holds beside the trees has no say in them. */
async function spelledInPlace({ holding }: Places, { declared, now, anew }: Trees, { state }: Known): Promise<State | undefined> {
  if (holding === undefined || state.size > mostObjectsHeld) return undefined;
  // An event trigger fires for what is made while it is there.
  if ([...state.values()].some(isOpaque)) return undefined;
  const objects = declared.objects.filter((object) => anew.has(rootOf(object, now, state)));
  const isExternal = (id: Address): boolean => declared.annotations.get(rootOfId(id, now))?.external === true;
  // Of another team's table there is a stub, in which a key finds what it needs and nothing else does.
  if (objects.some((object) => !isForeignKey(object) && object.dependsOn.some(isExternal))) return undefined;
  return elaborateWithin(holding, { ...declared, objects }, state, anew);
}

/** In an empty engine, with what they need. */
async function spelledBeside({ empty }: Places, { declared, now, anew }: Trees, changed: ReadonlySet<Address>): Promise<State> {
  const needed = closure(anew, now);
  const objects = declared.objects.filter((object) => needed.has(rootOf(object, now)));
  const settled = new Set(objects.filter(({ id }) => !changed.has(id)).map(({ id }) => id));
  return elaborate(await empty(), { ...declared, objects }, settled);
}

/** Added, removed or declared otherwise. */
function changedObjects(declared: DeclaredSchema, known: Known): ReadonlySet<Address> {
  const hashes = hashesOf(declared);
  const added = [...hashes].filter(([id, hash]) => known.hashes.get(id) !== hash).map(([id]) => id);
  return new Set([...added, ...[...known.hashes.keys()].filter((id) => !hashes.has(id))]);
}

/** A new table, type or function may be what a name elsewhere now means; a part of a table is known in that table alone. */
function isPart(id: Address, now: ReadonlyMap<Address, SchemaObject>, before: State): boolean {
  const object = now.get(id) ?? before.get(id);
  return object?.partOf !== undefined;
}

function rootOfId(id: Address, now: ReadonlyMap<Address, SchemaObject>): Address {
  const object = now.get(id);
  return object === undefined ? id : rootOf(object, now);
}

/** The trees of the roots, and of everything that depends on any part of one, by declaration or by pg_depend. */
function dependentTrees(roots: ReadonlySet<Address>, now: ReadonlyMap<Address, SchemaObject>, before: State): ReadonlySet<Address> {
  const dependents = new Map<Address, Set<Address>>();
  for (const object of [...now.values(), ...before.values()]) {
    const root = rootOf(object, now, before);
    for (const id of object.dependsOn) {
      const needed = rootOfId(id, now);
      if (needed === root) continue;
      const set = dependents.get(needed);
      if (set === undefined) dependents.set(needed, new Set([root]));
      else set.add(root);
    }
  }
  return reached(roots, (id) => dependents.get(id) ?? []).filtered(now);
}

/** What the trees need to be built, and every root that is no table: a function may be named where no dependency says so. */
function closure(anew: ReadonlySet<Address>, now: ReadonlyMap<Address, SchemaObject>): ReadonlySet<Address> {
  const needs = new Map<Address, Set<Address>>();
  const owners = new Set<Address>();
  for (const object of now.values()) {
    const root = rootOfId(object.id, now);
    const set = needs.get(root) ?? new Set<Address>();
    needs.set(root, set);
    for (const id of object.dependsOn) set.add(rootOfId(id, now));
    if (object.partOf !== undefined && now.get(object.partOf)?.path.join('\0') !== object.path.join('\0')) owners.add(root);
  }
  const loose = [...now.values()].filter((object) => object.partOf === undefined && !owners.has(object.id)).map((object) => object.id);
  return reached(new Set([...anew, ...loose]), (id) => needs.get(id) ?? []).filtered(now);
}

function reached(
  from: ReadonlySet<Address>,
  next: (id: Address) => Iterable<Address>,
): { readonly filtered: (there: ReadonlyMap<Address, SchemaObject>) => ReadonlySet<Address> } {
  const found = new Set(from);
  for (const id of found) for (const other of next(id)) found.add(other);
  return { filtered: (there) => new Set([...found].filter((id) => there.has(id))) };
}

/** How it was written once says nothing about how it is written now. */
function withoutSource(object: SchemaObject): SchemaObject {
  if (object.facts?.['source'] === undefined) return object;
  return { ...object, facts: Object.fromEntries(Object.entries(object.facts).filter(([name]) => name !== 'source')) };
}

/** In the order of the known state, new objects last. */
function joined(now: ReadonlyMap<Address, SchemaObject>, known: State, anew: State): State {
  const kept = [...known.values()].flatMap((object): readonly SchemaObject[] => {
    const declared = now.get(object.id);
    return declared === undefined ? [] : [anew.get(object.id) ?? withSource(withoutSource(object), declared)];
  });
  const added = [...anew.values()].filter((object) => !known.has(object.id));
  return new Map([...kept, ...added].map((object) => [object.id, object]));
}
