/**
 * Makes two states comparable. PostgreSQL prints the same expression differently from one major to
 * the next, and sometimes after one more round through its parser: only texts that differ are put
 * into one engine with what they need and read back, and what is equal then is equal. A thousand
 * equal tables cost nothing. No text is ever compared in any other way than by the server's printing.
 */
import { changedAttributes, diff } from '../diff/diff.ts';
import type { Engine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { attributeOf, compareText, partsOf, sameJson, type SchemaObject, type State } from '../model/object.ts';
import type { Engines } from './engines.ts';
import { extensionsOf } from './extensions.ts';
import { isSpelledText } from './spelled-text.ts';
import { respell, type Respelled } from './respell.ts';

export interface Comparable {
  /** The first state, with the second one's spelling where both mean the same. */
  readonly before: State;
  readonly after: State;
  /** What differs between the two. */
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Two objects that may be the same but for the spelling. */
interface Pair {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/** A text may need two rounds before it stays as it is: once as it was written, once as it was printed. */
const rounds = 2;

/** Starts an engine only where a text differs that may be spelled in more than one way. */
export async function comparable(before: State, after: State, engines: Engines): Promise<Comparable> {
  const changes = diff(before, after);
  const pairs = [...changes.flatMap(changedPair), ...renamedPairs(changes)];
  if (pairs.length === 0) return { before, after, changes, diagnostics: [] };
  const sides = [closureOf(before, pairs, 'before'), closureOf(after, pairs, 'after')] as const;
  const extensions = extensionsOf([...sides[0].values(), ...sides[1].values()]);
  const { same, diagnostics } = await engines.borrow(extensions, (engine) => spellAlike(engine, pairs, sides));
  const alike = overlaid(before, same);
  return { before: alike, after, changes: same.size === 0 ? changes : diff(alike, after), diagnostics };
}

function closureOf(state: State, pairs: readonly Pair[], side: keyof Pair): State {
  return closure(
    state,
    pairs.map((pair) => pair[side].id),
  );
}

interface SpelledAlike {
  /** Objects of the first state, by id, with texts of the second that mean the same. */
  readonly same: ReadonlyMap<Address, SchemaObject>;
  readonly diagnostics: readonly Diagnostic[];
}

async function spellAlike(engine: Engine, pairs: readonly Pair[], sides: readonly [State, State]): Promise<SpelledAlike> {
  const same = new Map<Address, SchemaObject>();
  const diagnostics = new Map<Address, Diagnostic>();
  let [left, right] = sides;
  let open = pairs;
  for (let round = 0; round < rounds && open.length > 0; round += 1) {
    const spelled = [await respell(engine, left), await respell(engine, right)] as const;
    for (const pair of open) {
      const united = unite(same.get(pair.before.id) ?? pair.before, pair, spelled);
      if (united !== undefined) same.set(pair.before.id, united);
      const reason = spelled[0].refused.get(pair.before.id) ?? spelled[1].refused.get(pair.after.id);
      if (reason !== undefined) diagnostics.set(pair.after.id, notRespelled(pair.after, engine.identity.name, reason));
    }
    open = open.filter((pair) => hasOpenText(same.get(pair.before.id) ?? pair.before, pair.after));
    [left, right] = [overlaid(left, spelled[0].state), overlaid(right, spelled[1].state)];
  }
  return { same, diagnostics: [...diagnostics.values()] };
}

/** An object of both states in which a text differs that a server may print in more than one way. */
function changedPair(change: Change): readonly Pair[] {
  return change.change === 'altered' && hasOpenText(change.before, change.after) ? [{ before: change.before, after: change.after }] : [];
}

/** Gone and new on one owner: what is the same but for its name and its spelling is renamed. */
function renamedPairs(changes: readonly Change[]): readonly Pair[] {
  const place = (object: SchemaObject): string => `${object.kind} of ${object.partOf ?? ''}`;
  const added = new Map<string, SchemaObject[]>();
  for (const change of changes) {
    if (change.change !== 'added' || change.after.partOf === undefined) continue;
    added.set(place(change.after), [...(added.get(place(change.after)) ?? []), change.after]);
  }
  return changes.flatMap((change) => {
    const [only, ...others] = change.change === 'removed' ? (added.get(place(change.before)) ?? []) : [];
    if (change.change !== 'removed' || only === undefined || others.length > 0 || !hasOpenText(change.before, only)) return [];
    return [{ before: change.before, after: only }];
  });
}

/** Whether an attribute differs in nothing but texts that may be spelled in more than one way. */
function hasOpenText(before: SchemaObject, after: SchemaObject): boolean {
  return changedAttributes(before, after).some((name) => isSpelledText(attributeOf(before, name), attributeOf(after, name)));
}

/** The object before with the spelling after in each attribute that reads the same in the engine. */
function unite(known: SchemaObject, pair: Pair, [left, right]: readonly [Respelled, Respelled]): SchemaObject | undefined {
  const [one, other] = [left.state.get(pair.before.id), right.state.get(pair.after.id)];
  if (one === undefined || other === undefined) return undefined;
  const equal = changedAttributes(known, pair.after).filter(
    (name) =>
      isSpelledText(attributeOf(known, name), attributeOf(pair.after, name)) && sameJson(attributeOf(one, name), attributeOf(other, name)),
  );
  if (equal.length === 0) return undefined;
  const spelled = Object.fromEntries(equal.map((name) => [name, attributeOf(pair.after, name)]));
  return { ...known, attributes: { ...known.attributes, ...spelled } };
}

function notRespelled(object: SchemaObject, engine: string, reason: string): Diagnostic {
  return {
    code: 'compared-as-text',
    severity: 'notice',
    message: `${object.id} cannot be made in ${engine}, so its texts are compared as they are: ${reason}`,
    subject: object.id,
    hint: 'compare on a server that can make it: --engine postgres://user@host/postgres (a scratch database is made and dropped there)',
  };
}

function overlaid(state: State, over: ReadonlyMap<Address, SchemaObject>): State {
  if (over.size === 0) return state;
  return new Map([...state].map(([id, object]) => [id, over.get(id) ?? object]));
}

/**
 * The objects and all that they rest on, by pg_depend, in the state's order. The columns of every
 * table come along: an expression over a whole row names none of them.
 */
export function closure(state: State, ids: readonly Address[]): State {
  const found = new Set(ids);
  for (const id of found) {
    const object = state.get(id);
    if (object === undefined) continue;
    for (const needed of object.dependsOn) found.add(needed);
    if (object.partOf !== undefined) found.add(object.partOf);
    for (const part of partsOf(state, id)) if (part.facts?.['position'] !== undefined) found.add(part.id);
  }
  const names = [...found].filter((id) => state.has(id)).sort(compareText);
  const wanted = new Set(names);
  return new Map([...state].filter(([id]) => wanted.has(id)));
}
