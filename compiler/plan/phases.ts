/**
 * What waits for the deploy: statements that old application code would not survive, as long as
 * nothing that must come after them runs before it. The order over both phases is one order: every
 * statement of the contract phase follows every one of the expand phase. Knows no kind.
 */
import type { Address } from '../model/address.ts';
import type { Statement } from '../model/statement.ts';
import type { Draft } from './draft.ts';
import type { Graph } from './graph.ts';

/** Drafts whose node is this one, by the graph's numbers. */
type Members = readonly (readonly number[])[];

/**
 * Gives every draft the phase that it really runs in. A node runs after the deploy where all that it
 * holds may, and all that must come after it does.
 */
export function settlePhases(drafts: readonly Draft[], graph: Graph, members: Members): readonly Draft[] {
  if (drafts.every(({ statement }) => statement.phase === 'expand' && statement.bridges === undefined)) return drafts;
  const may = mayWait(drafts);
  const waits = members.map((places) => places.every(may));
  hasten(graph, waits);
  const phases = new Map<number, Statement['phase']>();
  members.forEach((places, node) => places.forEach((place) => phases.set(place, waits[node] === true ? 'contract' : 'expand')));
  const bridged = new Set(
    drafts.flatMap(({ statement, sequence }, place) =>
      statement.bridges === undefined && phases.get(place) === 'contract' ? [sequence] : [],
    ),
  );
  return drafts.map((draft, place): Draft => {
    const { bridges } = draft.statement;
    const phase = phases.get(place) ?? 'expand';
    const needless = bridges !== undefined && !bridged.has(draft.sequence);
    if (phase === draft.statement.phase && !needless) return draft;
    return { ...draft, statement: { ...draft.statement, phase, ...(needless ? { bridges: 'nothing' } : {}) } };
  });
}

/** An absorbed drop goes by its owner's, in whose node it is no statement of its own. */
function mayWait(drafts: readonly Draft[]): (place: number) => boolean {
  const destroyers = new Map<Address, number>();
  drafts.forEach(({ statement }, place) => statement.destroys.forEach((id) => destroyers.set(id, place)));
  const may = (place: number): boolean => {
    const draft = drafts[place];
    const owner = draft?.absorbedBy === undefined ? undefined : destroyers.get(draft.absorbedBy);
    return owner === undefined || owner === place ? draft?.statement.phase === 'contract' : may(owner);
  };
  return may;
}

/** What something in the expand phase must come after runs before it. */
function hasten(graph: Graph, waits: boolean[]): void {
  const before: number[][] = waits.map(() => []);
  graph.successors.forEach((targets, from) => targets.forEach((to) => before[to]?.push(from)));
  const queue = waits.flatMap((each, node) => (each ? [] : [node]));
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const earlier of before[node] ?? []) {
      if (waits[earlier] !== true) continue;
      waits[earlier] = false;
      queue.push(earlier);
    }
  }
}
