/**
 * One graph over all statements and one deterministic order. Statements that fold or must share a
 * transaction are one node; where that makes a cycle (mutual foreign keys, an owned sequence and its
 * default), a foldable member is taken out until there is none. What remains is an error.
 */
import { parseAddress, pathText, type Address } from '../model/address.ts';
import { compareText, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { kindOf, kindRank } from '../kinds/registry.ts';
import { firstOfDrop, firstOfSequence, type Draft } from './draft.ts';
import { foldTogether, type FoldedStatement } from './fold.ts';
import { composeNode } from './compose-node.ts';
import { cycles, topologicalOrder, type Graph } from './graph.ts';
import { refuseCircle } from './refuse-circle.ts';
import { settlePhases } from './phases.ts';
import { preferredEdges, surrounded, withEdges, withoutCircles, withUnheeded } from './preferences.ts';
import { isCreation, ranks } from './rank.ts';

/** For each draft the draft that stands for its node. */
type Nodes = number[];

export function orderStatements(
  drafts: readonly Draft[],
  before: State,
  after: State,
  isNew: (id: Address) => boolean,
): readonly FoldedStatement[] {
  const states = [after, before];
  const needed = edgesOf(drafts, before);
  const nodes = initialNodes(drafts);
  breakCycles(drafts, needed, nodes);
  const heads = [...new Set(nodes)].sort((left, right) => left - right);
  const { edges, drafts: marked } = withPreferences(drafts, needed, nodes, heads);
  const graph = nodeGraph(edges, nodes, heads);
  const members = grouped(nodes);
  const settled = settlePhases(
    marked,
    graph,
    heads.map((head) => members.get(head) ?? []),
  );
  const order = topologicalOrder(
    graph,
    ranks(
      heads.map((head) => settled[head]?.statement as Statement),
      states,
      isNew,
    ),
  );
  const isCreated = (step: Statement): boolean => isCreation(step, isNew);
  return order
    .flatMap((place) =>
      composeNode(settled, members.get(heads[place] ?? -1) ?? [], edges, (statements) => ranks(statements, states, isNew)),
    )
    .filter(({ bridges }) => bridges !== 'nothing')
    .flatMap((step) => surrounded(step, (setting) => foldTogether(setting, []), isCreated));
}

/** Adds the edges that are only preferred, between drafts of one node and between nodes, where they make no circle. */
function withPreferences(
  drafts: readonly Draft[],
  needed: readonly ReadonlySet<number>[],
  nodes: Nodes,
  heads: readonly number[],
): { readonly edges: readonly ReadonlySet<number>[]; readonly drafts: readonly Draft[] } {
  if (drafts.every(({ statement }) => statement.prefers === undefined)) return { edges: needed, drafts };
  const wanted = preferredEdges(
    drafts,
    indexBy(drafts, (statement) => statement.makes),
    indexBy(drafts, (statement) => statement.destroys),
  );
  const placeOf = new Map(heads.map((head, place) => [head, place]));
  const alone = withoutCircles(wanted, { size: drafts.length, successors: needed }, (draft) => draft);
  const heeded = withoutCircles(alone, nodeGraph(needed, nodes, heads), (draft) => placeOf.get(nodes[draft] ?? -1) ?? -1);
  const kept = new Set(heeded);
  const unheeded = new Set(wanted.filter((edge) => !kept.has(edge)).map(({ of }) => of));
  return { edges: withEdges(needed, heeded), drafts: withUnheeded(drafts, unheeded) };
}

/** The drafts of each node, in their order. */
function grouped(nodes: Nodes): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  nodes.forEach((head, draft) => {
    const list = members.get(head);
    if (list === undefined) members.set(head, [draft]);
    else list.push(draft);
  });
  return members;
}

const none: ReadonlySet<number> = new Set();

/** Most drafts have few successors or none: a set is made with the first. */
function addTo(sets: (Set<number> | undefined)[], from: number, to: number): void {
  (sets[from] ??= new Set()).add(to);
}

/** successors[n]: the drafts that must come after draft n. */
function edgesOf(drafts: readonly Draft[], before: State): readonly ReadonlySet<number>[] {
  const successors = new Array<Set<number> | undefined>(drafts.length).fill(undefined);
  const makers = indexBy(drafts, (statement) => statement.makes);
  const destroyers = indexBy(drafts, (statement) => statement.destroys);
  const edge = (from: number, to: number): void => {
    if (from !== to) addTo(successors, from, to);
  };
  drafts.forEach(({ statement, sequence }, place) => {
    if (drafts[place + 1]?.sequence === sequence) edge(place, place + 1);
    for (const id of statement.needs) {
      const made = makers.get(id) ?? [];
      for (const maker of made) if (drafts[maker]?.sequence !== sequence) edge(maker, place);
      if (made.length === 0)
        for (const destroyer of destroyers.get(id) ?? []) if (drafts[destroyer]?.sequence !== sequence) edge(place, destroyer);
    }
    for (const id of statement.destroys) {
      for (const maker of makers.get(id) ?? []) if (drafts[maker]?.sequence !== sequence) edge(place, maker);
      for (const needed of before.get(id)?.dependsOn ?? [])
        for (const destroyer of destroyers.get(needed) ?? []) edge(place, firstOfDrop(drafts, destroyer));
    }
  });
  oldGivesWay(drafts, { before, makers, destroyers }, edge);
  namesGiveWay(drafts, edge);
  return successors.map((targets) => targets ?? none);
}

/**
 * What is dropped and made again comes back after what it stood on is gone for good: while the old
 * unique key is there, PostgreSQL would put a foreign key on it again.
 */
function oldGivesWay(
  drafts: readonly Draft[],
  { before, makers, destroyers }: { readonly before: State; readonly makers: PlacesOf; readonly destroyers: PlacesOf },
  edge: (from: number, to: number) => void,
): void {
  for (const [id, places] of destroyers) {
    const comeBack = (makers.get(id) ?? []).filter((maker) => places.every((place) => drafts[place]?.sequence !== drafts[maker]?.sequence));
    if (comeBack.length === 0) continue;
    for (const needed of before.get(id)?.dependsOn ?? []) {
      if (makers.has(needed)) continue;
      for (const destroyer of destroyers.get(needed) ?? []) for (const maker of comeBack) edge(destroyer, firstOfSequence(drafts, maker));
    }
  }
}

/** A name is free for a new object only after the old object with that name is gone, whatever its kind. */
function namesGiveWay(drafts: readonly Draft[], edge: (from: number, to: number) => void): void {
  const destroyed = new Map<string, number[]>();
  drafts.forEach(({ statement }, place) => {
    for (const name of statement.destroys.flatMap(namesOf)) {
      const places = destroyed.get(name);
      if (places === undefined) destroyed.set(name, [place]);
      else places.push(place);
    }
  });
  if (destroyed.size === 0) return;
  drafts.forEach(({ statement, sequence }, place) => {
    for (const name of statement.makes.flatMap(namesOf)) {
      for (const destroyer of destroyed.get(name) ?? [])
        if (drafts[destroyer]?.sequence !== sequence) edge(destroyer, firstOfSequence(drafts, place));
    }
  });
}

/** The names that an object takes, each as a path. */
function namesOf(id: Address): readonly string[] {
  const { kind, path } = parseAddress(id) ?? { kind: '', path: [] };
  const [schema, name] = [path[0], path.at(-1)];
  const hasIndex = kindRank(kind) >= 0 && kindOf({ kind }).hasIndexOfItsName === true;
  return hasIndex && schema !== undefined && name !== undefined ? [pathText(path), pathText([schema, name])] : [pathText(path)];
}

/** The drafts that make an object, or destroy it. */
type PlacesOf = ReadonlyMap<Address, readonly number[]>;

function indexBy(drafts: readonly Draft[], ids: (statement: Statement) => readonly Address[]): PlacesOf {
  const map = new Map<Address, number[]>();
  drafts.forEach((draft, place) => {
    for (const id of ids(draft.statement)) {
      const list = map.get(id);
      if (list === undefined) map.set(id, [place]);
      else list.push(place);
    }
  });
  return map;
}

/** Folded statements belong to the node of what takes them in, absorbed drops to their owner's drop, atomic ones together. */
function initialNodes(drafts: readonly Draft[]): Nodes {
  const accepting = new Map<Address, number>();
  const dropping = new Map<Address, number>();
  const atomic = new Map<string, number>();
  drafts.forEach(({ statement }, place) => {
    if (statement.accepts !== undefined) for (const id of statement.makes) accepting.set(id, place);
    for (const id of statement.destroys) dropping.set(id, place);
  });
  const parent = (place: number): number => {
    const draft = drafts[place];
    if (draft?.absorbedBy !== undefined) return dropping.get(draft.absorbedBy) ?? place;
    if (draft?.statement.fold !== undefined) return accepting.get(draft.statement.fold.into) ?? place;
    const key = draft?.statement.atomic;
    if (key === undefined) return place;
    const first = atomic.get(key) ?? place;
    atomic.set(key, first);
    return first;
  };
  const parents = drafts.map((_, place) => parent(place));
  return parents.map((_, place) => {
    let head = place;
    while (parents[head] !== undefined && parents[head] !== head) head = parents[head] ?? head;
    return head;
  });
}

function nodeGraph(edges: readonly ReadonlySet<number>[], nodes: Nodes, heads: readonly number[]): Graph {
  const placeOf = new Map(heads.map((head, place) => [head, place]));
  const successors = new Array<Set<number> | undefined>(heads.length).fill(undefined);
  edges.forEach((targets, from) => {
    if (targets.size === 0) return;
    const source = placeOf.get(nodes[from] ?? -1) ?? -1;
    for (const to of targets) {
      const target = placeOf.get(nodes[to] ?? -1) ?? -1;
      if (source !== target) addTo(successors, source, target);
    }
  });
  return { size: heads.length, successors: successors.map((targets) => targets ?? none) };
}

function breakCycles(drafts: readonly Draft[], edges: readonly ReadonlySet<number>[], nodes: Nodes): void {
  for (;;) {
    const heads = [...new Set(nodes)].sort((left, right) => left - right);
    const found = cycles(nodeGraph(edges, nodes, heads));
    if (found.length === 0) return;
    for (const component of found) takeOneOut(drafts, edges, nodes, new Set(component.map((place) => heads[place] ?? -1)));
  }
}

/** The member of highest rank that holds an edge of the cycle becomes a statement of its own. */
function takeOneOut(drafts: readonly Draft[], edges: readonly ReadonlySet<number>[], nodes: Nodes, component: ReadonlySet<number>): void {
  const crosses = (place: number): boolean => {
    const inside = (other: number): boolean => nodes[other] !== nodes[place] && component.has(nodes[other] ?? -1);
    return [...(edges[place] ?? [])].some(inside) || edges.some((targets, from) => inside(from) && targets.has(place));
  };
  const rank = (place: number): number => kindRank(parseAddress(drafts[place]?.statement.subject ?? '')?.kind ?? '');
  const candidates = drafts
    .map((_, place) => place)
    .filter((place) => component.has(nodes[place] ?? -1) && nodes[place] !== place && crosses(place))
    .sort(
      (left, right) =>
        rank(right) - rank(left) || compareText(drafts[right]?.statement.subject ?? '', drafts[left]?.statement.subject ?? ''),
    );
  const chosen = candidates[0];
  if (chosen === undefined) {
    return refuseCircle([...component].map((place) => drafts[place]));
  }
  nodes[chosen] = chosen;
}
