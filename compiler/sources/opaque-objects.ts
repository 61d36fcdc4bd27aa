/**
 * A database holds what the SQL of an opaque object made, and not the opaque object: who compares it
 * with a schema sees it here as the schema would say it. What is as the SQL makes it is the opaque object; what
 * is otherwise is an opaque object with other SQL. Nothing is compared here in a way of its own.
 */
import { creationSql, dropSql } from '../author/opaque.ts';
import { isOpaque } from '../kinds/guards.ts';
import type { Opaque } from '../kinds/opaque/object.ts';
import { kindRank } from '../kinds/registry.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText, stateOf, type SchemaObject, type State } from '../model/object.ts';
import { belongsTo, withoutOwned } from '../prove/carried.ts';
import { comparable } from './comparable.ts';
import type { Engines } from './engines.ts';
import { extensionsOf } from './extensions.ts';
import { withRespelled } from './respell.ts';
import { isAboutPrivileges, saysNothingOfPrivileges, type Scope } from './scope.ts';
import type { Source } from './source.ts';

export interface Seen {
  readonly from: Source;
  readonly to: Source;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Both sources with their opaque objects in them. An engine is started only where one of them has an
 * opaque object and the other is a database, or a script, without it.
 */
export async function withOpaqueObjects(from: Source, to: Source, scope: Scope, engines: Engines): Promise<Seen> {
  const left = await recognise(from, to, scope, engines);
  const right = await recognise(to, from, scope, engines);
  return { from: left.source, to: right.source, diagnostics: [...left.diagnostics, ...right.diagnostics] };
}

interface Recognised {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

async function recognise(found: Source, known: Source, scope: Scope, engines: Engines): Promise<Recognised> {
  if (found.source !== 'database' && found.source !== 'sql') return { source: found, diagnostics: [] };
  const wanted = [...known.state.values()].filter(isOpaque).filter(({ id }) => !found.state.has(id));
  if (wanted.length === 0) return { source: found, diagnostics: [] };
  const isLeftOut = scope.privileges === 'left out' || saysNothingOfPrivileges(known);
  const isCompared = (object: SchemaObject): boolean => !isLeftOut || !isAboutPrivileges(object);
  const made = await engines.borrow(extensionsOf([...known.state.values()]), (engine) =>
    withRespelled(engine, known.state, ({ whole, refused }) => Promise.resolve({ whole, refused })),
  );
  const unmade = new Set(wanted.flatMap(({ id }) => (made.refused.has(id) ? [id] : [])));
  const [there, expected] = [holdings(found.state, wanted, isCompared), holdings(made.whole, wanted, isCompared)];
  const { different, diagnostics } = await differing({ found, there, expected, wanted, unmade }, engines);
  const present = wanted.flatMap((object) => presentAs(object, there.get(object.id) ?? [], found, different.has(object.id)) ?? []);
  const unseen = present.filter(({ id, attributes }) => unmade.has(id) || attributes.owns.length === 0);
  // What is left out of the comparison belongs to the opaque object all the same, and goes with it.
  const state = withoutOwned(stateOf([...found.state.values(), ...present]));
  return { source: { ...found, state }, diagnostics: [...diagnostics, ...unseen.map((object) => notSeen(object, made.refused))] };
}

type Holdings = ReadonlyMap<Address, readonly SchemaObject[]>;

/** What a state holds of each opaque object: what its SQL made there, and what is part of that. */
function holdings(state: State, wanted: readonly Opaque[], isCompared: (object: SchemaObject) => boolean): Holdings {
  const ownerOf = belongsTo(state, wanted);
  const held = new Map<Address, SchemaObject[]>();
  for (const object of state.values()) {
    const owner = isCompared(object) ? ownerOf(object.id) : undefined;
    if (owner !== undefined) held.set(owner, [...(held.get(owner) ?? []), object]);
  }
  return held;
}

interface Held {
  readonly found: Source;
  readonly there: Holdings;
  readonly expected: Holdings;
  readonly wanted: readonly Opaque[];
  /** Those that the engine could not make. */
  readonly unmade: ReadonlySet<Address>;
}

interface Differing {
  readonly different: ReadonlySet<Address>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The opaque objects of which the database holds anything else than their SQL makes. */
async function differing({ found, there, expected, wanted, unmade }: Held, engines: Engines): Promise<Differing> {
  const asked = wanted.filter(({ id }) => !unmade.has(id) && there.has(id));
  const owned = new Set(asked.flatMap(({ id }) => there.get(id) ?? []).map(({ id }) => id));
  const rest = [...found.state.values()].filter(({ id }) => !owned.has(id));
  const after = stateOf([...rest, ...asked.flatMap(({ id }) => expected.get(id) ?? [])]);
  const { changes, diagnostics } = await comparable(found.state, after, engines);
  const owners = new Map(
    asked.flatMap((object) => [there, expected].flatMap((each) => (each.get(object.id) ?? []).map(({ id }) => [id, object.id] as const))),
  );
  const different = new Set(
    changes.flatMap((change) => owners.get(change.change === 'removed' ? change.before.id : change.after.id) ?? []),
  );
  for (const { id, attributes } of wanted) {
    const isWhole = attributes.owns.every((each) => (there.get(id) ?? []).some((object) => object.id === each));
    if (unmade.has(id) && !isWhole) different.add(id);
  }
  return { different, diagnostics };
}

/** The opaque object as the database has it; undefined where there is nothing of it. */
function presentAs(object: Opaque, there: readonly SchemaObject[], found: Source, isDifferent: boolean): Opaque | undefined {
  if (object.attributes.owns.length === 0) return object.dependsOn.every((id) => found.state.has(id)) ? object : undefined;
  if (there.length === 0) return undefined;
  if (!isDifferent) return object;
  const objects = inOrder(there);
  const ids = new Set(objects.map(({ id }) => id));
  const owns = [...ids].sort(compareText);
  const isWhole = owns.join() === object.attributes.owns.join();
  const roots = objects.filter(({ partOf }) => partOf === undefined || !ids.has(partOf)).reverse();
  const { major } = found.spelled;
  const create = creationSql(objects, found.state, major);
  return {
    ...object,
    attributes: { create, drop: isWhole ? object.attributes.drop : dropSql(roots, found.state, major), owns },
  };
}

/** What needs nothing of the others first, and among those the kinds in their order. */
function inOrder(objects: readonly SchemaObject[]): readonly SchemaObject[] {
  const open = [...objects].sort((left, right) => kindRank(left.kind) - kindRank(right.kind) || compareText(left.id, right.id));
  const ordered: SchemaObject[] = [];
  while (open.length > 0) {
    const ids = new Set(open.map(({ id }) => id));
    const free = open.findIndex(({ partOf, dependsOn }) => ![...dependsOn, partOf ?? ''].some((id) => ids.has(id)));
    ordered.push(...open.splice(Math.max(free, 0), 1));
  }
  return ordered;
}

function notSeen({ id }: Opaque, refused: ReadonlyMap<Address, string>): Diagnostic {
  const reason = refused.get(id);
  return {
    code: 'opaque-not-seen',
    severity: 'notice',
    message:
      reason === undefined
        ? `${id} makes nothing that the catalogs show, so it counts as there`
        : `${id} cannot be made in the engine, so it counts as there by the names of what it made: ${reason}`,
    subject: id,
    hint:
      reason === undefined
        ? 'look by hand whether the database has it'
        : 'compare on a server that can make it: --engine postgres://user@host/postgres (a scratch database is made and dropped there)',
  };
}
