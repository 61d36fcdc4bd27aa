/**
 * Makes two states comparable. PostgreSQL prints the same expression differently from one major to
 * the next, and sometimes after one more round through its parser: only texts that differ are put
 * into one engine with what they need and read back, and what is equal then is equal. A thousand
 * equal tables cost nothing. No text is ever compared in any other way than by the server's printing.
 */
import { changedAttributes, diff } from '../diff/diff.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText, partsOf, sameJson, type SchemaObject, type State } from '../model/object.ts';
import type { Engines } from './engines.ts';
import { extensionsOf } from './extensions.ts';
import { isSpelledText } from './spelled-text.ts';
import { respell, type Respelled } from './respell.ts';

export interface Comparable {
  /** The first state, with the second one's spelling where both mean the same. */
  readonly before: State;
  readonly after: State;
  readonly diagnostics: readonly Diagnostic[];
}

/** Two objects that may be the same but for the spelling. */
interface Pair {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/** A text may need two rounds before it stays as it is: once as it was written, once as it was printed. */
const rounds = 2;

export async function comparable(before: State, after: State, engines: Engines): Promise<Comparable> {
  const pairs = [...changedPairs(before, after), ...renamedPairs(before, after)];
  if (pairs.length === 0) return { before, after, diagnostics: [] };
  const sides = {
    before: closure(
      before,
      pairs.map((pair) => pair.before.id),
    ),
    after: closure(
      after,
      pairs.map((pair) => pair.after.id),
    ),
  };
  const extensions = extensionsOf([...sides.before.values(), ...sides.after.values()]);
  return engines.borrow(extensions, async (engine) => {
    let { before: left, after: right } = sides;
    let open: readonly Pair[] = pairs;
    const same = new Map<Address, SchemaObject>();
    const diagnostics = new Map<Address, Diagnostic>();
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
    return { before: overlaid(before, same), after, diagnostics: [...diagnostics.values()] };
  });
}

/** Objects of both states in which a text differs that a server may print in more than one way. */
function changedPairs(before: State, after: State): readonly Pair[] {
  return diff(before, after).flatMap((change) =>
    change.change === 'altered' && hasOpenText(change.before, change.after) ? [{ before: change.before, after: change.after }] : [],
  );
}

/** Gone and new on one owner: what is the same but for its name and its spelling is renamed. */
function renamedPairs(before: State, after: State): readonly Pair[] {
  const added = new Map<string, SchemaObject[]>();
  const place = (object: SchemaObject): string => `${object.kind} of ${object.partOf ?? ''}`;
  for (const object of after.values()) {
    if (before.has(object.id) || object.partOf === undefined) continue;
    added.set(place(object), [...(added.get(place(object)) ?? []), object]);
  }
  if (added.size === 0) return [];
  return [...before.values()].flatMap((object) => {
    if (after.has(object.id)) return [];
    const others = added.get(place(object)) ?? [];
    const open = others.filter((other) => hasOpenText(object, other));
    return others.length === 1 && open[0] !== undefined ? [{ before: object, after: open[0] }] : [];
  });
}

/** Whether an attribute differs in nothing but texts that may be spelled in more than one way. */
function hasOpenText(before: SchemaObject, after: SchemaObject): boolean {
  return changedAttributes(before, after).some((name) => isSpelledText(valueOf(before, name), valueOf(after, name)));
}

function valueOf(object: SchemaObject, name: string): unknown {
  return (object.attributes as Readonly<Record<string, unknown>>)[name];
}

/** The object before with the spelling after in each attribute that reads the same in the engine. */
function unite(known: SchemaObject, pair: Pair, [left, right]: readonly [Respelled, Respelled]): SchemaObject | undefined {
  const [one, other] = [left.state.get(pair.before.id), right.state.get(pair.after.id)];
  if (one === undefined || other === undefined) return undefined;
  const equal = changedAttributes(known, pair.after).filter(
    (name) => isSpelledText(valueOf(known, name), valueOf(pair.after, name)) && sameJson(valueOf(one, name), valueOf(other, name)),
  );
  if (equal.length === 0) return undefined;
  const spelled = Object.fromEntries(equal.map((name) => [name, valueOf(pair.after, name)]));
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
