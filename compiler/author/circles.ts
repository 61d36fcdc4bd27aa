/**
 * Circles among declarations: arrows that type inference would follow round in a circle, one of which
 * must say its type; and files that import each other, in which SQL must ask for names later.
 */
import type { Address } from '../model/address.ts';

/** The edges that lead back into what is being visited: without them there is no circle. */
export function backEdges<Node>(nodes: readonly Node[], next: (node: Node) => readonly Node[]): ReadonlyMap<Node, ReadonlySet<Node>> {
  const back = new Map<Node, Set<Node>>();
  const state = new Map<Node, 'open' | 'done'>();
  for (const root of nodes) {
    if (state.has(root)) continue;
    const stack: { readonly node: Node; readonly rest: Node[] }[] = [{ node: root, rest: [...next(root)] }];
    state.set(root, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = top.rest.shift();
      if (to === undefined) {
        state.set(top.node, 'done');
        stack.pop();
      } else if (state.get(to) === 'open') back.set(top.node, (back.get(top.node) ?? new Set()).add(to));
      else if (!state.has(to)) {
        state.set(to, 'open');
        stack.push({ node: to, rest: [...next(to)] });
      }
    }
  }
  return back;
}

/** What can be reached from each node by one step or more. Small graphs only: files with SQL that names others. */
export function reaches(from: Address, to: Address, next: (node: Address) => readonly Address[]): boolean {
  const seen = new Set<Address>();
  const open = [...next(from)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...next(node));
  }
  return false;
}
