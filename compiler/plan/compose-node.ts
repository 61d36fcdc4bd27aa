/**
 * The statements of one node of the plan's graph in their order, with what folds put in and what goes
 * with its owner left out. Says nothing of how nodes come about.
 */
import type { Statement } from '../model/statement.ts';
import type { Draft } from './draft.ts';
import { foldTogether, type FoldedStatement } from './fold.ts';
import { topologicalOrder } from './graph.ts';
import { refuseCircle } from './refuse-circle.ts';

const none: ReadonlySet<number> = new Set();

/** The statements of one node, folded; an absorbed drop is no statement, what it destroys goes with its owner. */
export function composeNode(
  drafts: readonly Draft[],
  members: readonly number[],
  edges: readonly ReadonlySet<number>[],
  rank: (statements: readonly Statement[]) => readonly number[],
): readonly FoldedStatement[] {
  if (members.length === 1) return [foldTogether((drafts[members[0] ?? -1] as Draft).statement, [])];
  const statements = members.map((place) => drafts[place] as Draft);
  const accepting = new Set(statements.flatMap(({ statement }) => (statement.accepts === undefined ? [] : statement.makes)));
  const folds = (draft: Draft): boolean => draft.statement.fold !== undefined && accepting.has(draft.statement.fold.into);
  const owners = new Set(statements.flatMap(({ statement }) => statement.destroys));
  const absorbed = (draft: Draft): boolean => draft.absorbedBy !== undefined && owners.has(draft.absorbedBy);
  const roots = members.filter((place) => !folds(drafts[place] as Draft) && !absorbed(drafts[place] as Draft));
  const folded = statements.filter(folds).map((draft) => draft.statement);
  const gone = statements.filter(absorbed).flatMap((draft) => draft.statement.destroys);
  const order =
    roots.length === 1
      ? roots
      : orderWithin(drafts, members, edges, rank(statements.map((draft) => draft.statement))).filter((place) => roots.includes(place));
  return order.map((place) => {
    const root = (drafts[place] as Draft).statement;
    const composed = foldTogether(
      root,
      folded.filter((member) => reaches(member, root, folded)),
    );
    return root.destroys.length > 0 && gone.length > 0 ? { ...composed, destroys: [...composed.destroys, ...gone] } : composed;
  });
}

/** The drafts of one node in an order of their own. */
function orderWithin(
  drafts: readonly Draft[],
  members: readonly number[],
  edges: readonly ReadonlySet<number>[],
  rank: readonly number[],
): readonly number[] {
  const placeOf = new Map(members.map((member, place) => [member, place]));
  const successors = members.map((member) => new Set([...(edges[member] ?? none)].flatMap((to) => placeOf.get(to) ?? [])));
  const order = topologicalOrder({ size: members.length, successors }, rank).map((place) => members[place] ?? -1);
  // Statements that share a transaction and need each other would be left out without a word.
  if (order.length < members.length) refuseCircle(members.filter((member) => !order.includes(member)).map((member) => drafts[member]));
  return order;
}

/** Whether a folded statement ends up in this root, directly or through another folded one. */
function reaches(member: Statement, root: Statement, folded: readonly Statement[]): boolean {
  const into = member.fold?.into ?? '';
  if (root.makes.includes(into)) return true;
  const next = folded.find((other) => other !== member && other.accepts !== undefined && other.makes.includes(into));
  return next !== undefined && reaches(next, root, folded);
}
