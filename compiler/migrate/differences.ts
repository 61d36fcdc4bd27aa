/**
 * What speaks against a database being what was recorded of it, or what was promised: which objects
 * somebody dropped, altered or added, and which are not as they were proven. Pure.
 */
import { changedAttributes } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import { parseAddress } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText, rootOf } from '../model/object.ts';
import type { State } from '../model/object.ts';
import { fingerprintOf } from './fingerprints.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { Promised } from './promised.ts';

/** Parts of what is gone itself are not told: a dropped table took its columns along. */
function withoutParts(ids: readonly Address[]): readonly Address[] {
  const paths = ids.map((id) => parseAddress(id)?.path ?? []);
  const isInside = (path: readonly string[], other: readonly string[]): boolean =>
    other.length < path.length && other.length > 1 && other.every((part, place) => part === path[place]);
  return ids.filter((id, place) => {
    const subject = /^comment (.*)$/s.exec(id)?.[1];
    return (subject === undefined || !ids.includes(subject)) && !paths.some((other) => isInside(paths[place] ?? [], other));
  });
}

function byHand(id: Address, what: string, database: string): Diagnostic {
  return {
    code: 'database-changed',
    severity: 'error',
    subject: id,
    message: `${id} was ${what} since the last run, and not by a migration, on ${database}; the next one was not begun`,
    hint: 'npx schemac drift --against migrations shows it as SQL: take it back, or bring it into the schema; to go on with the database as it is now: npx schemac migrate --verify off',
  };
}

/** What differs from the fingerprints: of the objects that they are of, and of what belongs to those. */
export function changedByHand(remembered: Fingerprints, state: State, database: string): readonly Diagnostic[] {
  const gone = withoutParts([...remembered.keys()].filter((id) => !state.has(id)).sort(compareText));
  const altered = [...remembered].flatMap(([id, fingerprint]) => {
    const object = state.get(id);
    return object !== undefined && fingerprintOf(object) !== fingerprint ? [id] : [];
  });
  const added = [...state.values()].filter((object) => {
    if (remembered.has(object.id)) return false;
    const root = rootOf(object, state);
    return root !== object.id && remembered.has(root);
  });
  return [
    ...gone.map((id) => byHand(id, 'dropped', database)),
    ...altered.sort(compareText).map((id) => byHand(id, 'altered', database)),
    ...added
      .map(({ id }) => id)
      .sort(compareText)
      .map((id) => byHand(id, 'added', database)),
  ];
}

function broken(id: Address, what: string, database: string): Diagnostic {
  return {
    code: 'promise-broken',
    severity: 'error',
    subject: id,
    message: `every migration is applied, but ${id} ${what}, on ${database}`,
    hint: 'npx schemac drift --against migrations shows what differs as SQL',
  };
}

/**
 * What is not as the migrations were proven to make it, of what migrations made here: tables of others
 * are in the promise too, as far as they were declared. Texts are compared where the server is of the
 * major version that spelled the promise; elsewhere it is only asked whether everything is there.
 */
export function brokenPromises(
  promised: Promised,
  state: State,
  server: { readonly major: number; readonly database: string; readonly own: ReadonlySet<Address> },
): readonly Diagnostic[] {
  const carried = new Set(promised.carried.map(({ object, attribute }) => `${attribute} ${object}`));
  const missing = [...promised.state.keys()].filter((id) => !state.has(id));
  const told = new Set(withoutParts(missing));
  return [...promised.state.values()].flatMap((object) => {
    if (carried.has(`* ${object.id}`) || !server.own.has(rootOf(object, promised.state))) return [];
    const found = state.get(object.id);
    if (found === undefined) return told.has(object.id) ? [broken(object.id, 'is not there', server.database)] : [];
    if (promised.major !== server.major) return [];
    const rules = kindOf(object).alter as { readonly [name: string]: { readonly statements: unknown } | undefined };
    const differing = changedAttributes(object, found).filter(
      (name) => rules[name]?.statements !== 'ignore' && !carried.has(`${name} ${object.id}`),
    );
    return differing.length === 0 ? [] : [broken(object.id, `differs in ${differing.join(', ')}`, server.database)];
  });
}
