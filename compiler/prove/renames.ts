/**
 * Renames run first, in the engine, and the diff starts from what is then read back (DESIGN §4):
 * first those that the schema declares, then names that only follow from them or from a convention,
 * as a constraint's that is the same but for its name.
 */
import type { Engine } from '../engine/engine.ts';
import { kindOf } from '../kinds/registry.ts';
import { address, parseAddress, pathText, type Address } from '../model/address.ts';
import type { Annotation } from '../model/declared.ts';
import { fail } from '../model/diagnostic.ts';
import { partsOf, sameJson, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { runStep } from './run.ts';

export interface Renamed {
  /** The state that the diff starts from. */
  readonly state: State;
  readonly statements: readonly Statement[];
  /** New addresses by old ones. */
  readonly addresses: ReadonlyMap<Address, Address>;
  /** The same of what is there under both names until the deploy is over: the state has the old one. */
  readonly beside: ReadonlyMap<Address, Address>;
}

export interface RenameRequest {
  readonly engine: Engine;
  readonly before: State;
  readonly after: State;
  readonly annotation: (id: Address) => Annotation;
  /** Reads the engine's state inside the open transaction, in the form that `before` has. */
  readonly read: () => Promise<State>;
  /** The major for which old names are kept in use until the deploy is over; absent where they are not. */
  readonly keepsNamesFor?: number;
  /** Whether the caller holds a transaction, which it will roll back; without one, one is begun. */
  readonly within?: 'transaction';
}

interface Pair {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
}

/** Runs the renames and rolls them back; the engine is afterwards as it was. */
export async function runRenames(request: RenameRequest): Promise<Renamed> {
  const { engine, before, after } = request;
  refuseCircles(request);
  if (declaredPairs(before, request).length + partStatements(before, request).length + followingPairs(before, after).length === 0)
    return { state: before, statements: [], addresses: new Map(), beside: new Map() };
  const statements: Statement[] = [];
  const [addresses, beside] = [new Map<Address, Address>(), new Map<Address, Address>()];
  let state = before;
  await engine.execute(request.within === 'transaction' ? 'SAVEPOINT renames' : 'BEGIN');
  try {
    const run = async (made: readonly Statement[]): Promise<void> => {
      for (const step of made) await runStep(engine, step);
      if (made.length > 0) state = await request.read();
      statements.push(...made);
    };
    const rename = async (found: readonly Pair[]): Promise<void> => {
      const kept = found.filter((pair) => staysBeside(pair, request, state, addresses));
      for (const pair of kept) beside.set(pair.before.id, pair.after.id);
      const pairs = found.filter((pair) => !kept.includes(pair)).flatMap((pair) => [pair, ...companions(pair, state, after)]);
      for (const pair of pairs) addresses.set(pair.before.id, pair.after.id);
      await run(pairs.flatMap((pair) => renameStatements(pair, state, after)));
    };
    for (const depth of depths(after)) await rename(pairsAt(depth, request)(state));
    await run(partStatements(state, request));
    await rename(followingPairs(state, after));
    await run(keptNames(request, addresses));
  } finally {
    await engine.execute(request.within === 'transaction' ? 'ROLLBACK TO renames' : 'ROLLBACK');
  }
  return { state, addresses, beside, statements: statements.map((step): Statement => ({ ...step, atomic: 'rename' })) };
}

/** Not in a table that is renamed itself: the view under its old name has the old names of the columns. */
function staysBeside({ before, after }: Pair, request: RenameRequest, state: State, addresses: ReadonlyMap<Address, Address>): boolean {
  if (request.keepsNamesFor === undefined || [...addresses.values()].includes(after.partOf ?? '')) return false;
  return kindOf(after).standsBeside?.(before, after, { before: state, after: request.after }) === true;
}

/** Owners come before their parts: a column is renamed under its table's new name. */
function depths(state: State): readonly number[] {
  return [...new Set([...state.values()].map((object) => object.path.length))].sort((left, right) => left - right);
}

function pairsAt(depth: number, request: RenameRequest): (state: State) => readonly Pair[] {
  return (state) => declaredPairs(state, request).filter((pair) => pair.after.path.length === depth);
}

function declaredPairs(state: State, request: RenameRequest): readonly Pair[] {
  return [...request.after.values()].flatMap((after) => {
    const from = request.annotation(after.id).renamedFrom;
    const before = from === undefined || state.has(after.id) ? undefined : state.get(from);
    return before === undefined ? [] : [{ before, after }];
  });
}

/** Parts that are no objects: they keep what was made with them, as rows keep a label of an enum. */
export function partStatements(state: State, { after, annotation }: Pick<RenameRequest, 'after' | 'annotation'>): readonly Statement[] {
  return [...after.keys()].flatMap((id) => {
    const [object, formerly] = [state.get(id), annotation(id).renamedParts];
    return object === undefined || formerly === undefined ? [] : (kindOf(object).renameParts?.(object, formerly, state) ?? []);
  });
}

/**
 * What is about a renamed object and outlives it, as a partition rule in a table of ours, goes along in
 * the same transaction: without its rule a table's partitions would look like nobody's.
 */
function companions(pair: Pair, state: State, after: State): readonly Pair[] {
  return partsOf(state, pair.before.id)
    .filter((part) => kindOf(part).outlivesOwner === true)
    .map((part) => {
      const path = [...pair.after.path, ...part.path.slice(pair.before.path.length)];
      const id = address(part.kind, ...path);
      return { before: part, after: after.get(id) ?? { ...part, id, path, partOf: pair.after.id } };
    });
}

/** Two objects that say each is the former other: whether they changed places already cannot be told. */
function refuseCircles({ before, after, annotation }: RenameRequest): void {
  for (const object of after.values()) {
    const from = annotation(object.id).renamedFrom;
    if (from === undefined || from === object.id || !before.has(from) || !before.has(object.id)) continue;
    const back = after.has(from) ? annotation(from).renamedFrom : undefined;
    if (back !== object.id) continue;
    fail(
      'rename-circle',
      `${object.id} and ${from} each say that they were the other before; whether they changed names already cannot be told`,
      {
        subject: object.id,
        hint: 'rename in two migrations: first one of them to a third name, then both to their new names',
      },
    );
  }
}

/** Gone and new on one owner, of one kind, the same in all but the name, and only one such. */
function followingPairs(state: State, after: State): readonly Pair[] {
  const added = [...after.values()].filter((object) => !state.has(object.id) && mayFollow(object));
  if (added.length === 0) return [];
  const gone = [...state.values()].filter(
    (object) => !after.has(object.id) && object.partOf !== undefined && after.has(object.partOf) && mayFollow(object),
  );
  return gone.flatMap((old) => {
    const same = added.filter(
      (object) => object.kind === old.kind && object.partOf === old.partOf && sameJson(object.attributes, old.attributes),
    );
    return same.length === 1 && same[0] !== undefined ? [{ before: old, after: same[0] }] : [];
  });
}

/** The name of what holds no rows follows by itself; a column or a table is renamed only where it says so. */
function mayFollow(object: SchemaObject): boolean {
  return kindOf(object).namesFollow === true;
}

/** Old names that stay in use until the deploy is over; not where something new takes the name. */
function keptNames({ before, after, keepsNamesFor: major }: RenameRequest, addresses: ReadonlyMap<Address, Address>): readonly Statement[] {
  if (major === undefined) return [];
  const taken = new Set([...after.values()].filter(({ partOf }) => partOf === undefined).map(({ path }) => pathText(path)));
  return [...addresses].flatMap(([from, to]) => {
    const [old, now] = [before.get(from), after.get(to)];
    if (old === undefined || now === undefined || taken.has(pathText(old.path))) return [];
    const columns = partsOf(before, from)
      .filter((part) => 'nullable' in part.attributes)
      .sort((left, right) => Number(left.facts?.['position'] ?? 0) - Number(right.facts?.['position'] ?? 0))
      .map(({ kind, path }) => {
        const was = path.at(-1) ?? '';
        return { was, is: pathOf(addresses.get(address(kind, ...now.path, was))).at(-1) ?? was };
      });
    return kindOf(now).keepOldName?.(old, now, { columns, major }) ?? [];
  });
}

function pathOf(id: Address | undefined): readonly string[] {
  return id === undefined ? [] : (parseAddress(id)?.path ?? []);
}

function renameStatements(pair: Pair, before: State, after: State): readonly Statement[] {
  const context = { major: 0, before, after, isNew: () => false, isDropped: () => false, annotation: () => ({}) };
  return kindOf(pair.after).rename?.(pair.before, pair.after, context) ?? [];
}
