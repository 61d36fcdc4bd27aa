/**
 * Preferred order: edges that are followed where they make no circle with those that must be. Where
 * one would, every preferred edge inside that circle is given up, and the statement that would have
 * waited says so with the settings that stand round it. Knows no kind.
 */
import type { Address } from '../model/address.ts';
import { statement, type Statement } from '../model/statement.ts';
import type { Draft } from './draft.ts';
import { cycles, type Graph } from './graph.ts';

export interface Edge {
  readonly from: number;
  readonly to: number;
  /** The draft whose preference it is. */
  readonly of: number;
}

type Successors = readonly ReadonlySet<number>[];

/** The edges that drafts would like: what they name is made before them, or else destroyed after them. */
export function preferredEdges(
  drafts: readonly Draft[],
  makers: ReadonlyMap<Address, readonly number[]>,
  destroyers: ReadonlyMap<Address, readonly number[]>,
): readonly Edge[] {
  return drafts.flatMap(({ statement: { prefers }, sequence }, place) => {
    const others = (list: readonly number[] | undefined): readonly number[] =>
      (list ?? []).filter((other) => other !== place && drafts[other]?.sequence !== sequence);
    return (prefers?.objects ?? []).flatMap((id) => {
      const made = makers.get(id);
      return made === undefined
        ? others(destroyers.get(id)).map((to) => ({ from: place, to, of: place }))
        : others(made).map((from) => ({ from, to: place, of: place }));
    });
  });
}

/** Those that make no circle in the graph, whose nodes stand for drafts. */
export function withoutCircles(edges: readonly Edge[], graph: Graph, nodeOf: (draft: number) => number): readonly Edge[] {
  const successors = graph.successors.map((targets) => new Set(targets));
  for (const { from, to } of edges) if (nodeOf(from) !== nodeOf(to)) successors[nodeOf(from)]?.add(nodeOf(to));
  const component = new Map<number, number>();
  cycles({ size: graph.size, successors }).forEach((members, number) => members.forEach((node) => component.set(node, number)));
  const isInside = ({ from, to }: Edge): boolean => {
    const number = component.get(nodeOf(from));
    return number !== undefined && number === component.get(nodeOf(to)) && nodeOf(from) !== nodeOf(to);
  };
  return edges.filter((edge) => !isInside(edge));
}

export function withEdges(successors: Successors, edges: readonly Edge[]): Successors {
  if (edges.length === 0) return successors;
  const all = successors.map((targets): Set<number> | ReadonlySet<number> => targets);
  const copied = new Set<number>();
  for (const { from, to } of edges) {
    if (!copied.has(from)) all[from] = new Set(all[from]);
    copied.add(from);
    (all[from] as Set<number>).add(to);
  }
  return all;
}

/** Drafts of which a preferred edge was given up know it from now on. */
export function withUnheeded(drafts: readonly Draft[], unheeded: ReadonlySet<number>): readonly Draft[] {
  if (unheeded.size === 0) return drafts;
  return drafts.map((draft, place): Draft => {
    const { prefers } = draft.statement;
    return prefers === undefined || !unheeded.has(place)
      ? draft
      : { ...draft, statement: { ...draft.statement, prefers: { ...prefers, isUnheeded: true } } };
  });
}

/** Puts the settings round a statement whose order could not be had, in one transaction with it. */
export function surrounded<Kept extends Statement>(
  kept: Kept,
  compose: (step: Statement) => Kept,
  isCreated: (step: Statement) => boolean,
): readonly Kept[] {
  const { prefers, subject } = kept;
  const otherwise = prefers?.isUnheeded === true ? prefers.otherwise : undefined;
  if (otherwise === undefined) return [kept];
  const group = kept.atomic ?? (isCreated(kept) ? undefined : `unchecked ${subject}`);
  const atomic = group === undefined ? {} : { atomic: group };
  const setting = (words: { readonly sql: string; readonly purpose: string }): Kept =>
    compose(statement({ ...words, subject, phase: kept.phase, ...atomic }));
  return [setting(otherwise.before), { ...kept, ...atomic }, setting(otherwise.after)];
}
