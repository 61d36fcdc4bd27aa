/**
 * Strongly connected components and a deterministic topological order over numbered nodes. Pure
 * graph work, iterative, so that a chain of thousands meets no recursion limit.
 */

export interface Graph {
  readonly size: number;
  /** successors[n]: the nodes that come after n. */
  readonly successors: readonly ReadonlySet<number>[];
}

interface Frame {
  readonly node: number;
  readonly rest: Iterator<number>;
}

/** Tarjan's algorithm; components of more than one node, each sorted. */
export function cycles(graph: Graph): readonly (readonly number[])[] {
  const index = new Array<number>(graph.size).fill(-1);
  const low = new Array<number>(graph.size).fill(0);
  const onStack = new Array<boolean>(graph.size).fill(false);
  const stack: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  const enter = (node: number): Frame => {
    index[node] = low[node] = counter++;
    stack.push(node);
    onStack[node] = true;
    return { node, rest: (graph.successors[node] ?? new Set<number>()).values() };
  };
  const leave = (node: number): void => {
    if (low[node] !== index[node]) return;
    const component: number[] = [];
    for (let member = -1; member !== node;) {
      member = stack.pop() ?? node;
      onStack[member] = false;
      component.push(member);
    }
    if (component.length > 1) found.push(component.sort((left, right) => left - right));
  };
  for (let start = 0; start < graph.size; start += 1) {
    if (index[start] !== -1) continue;
    const frames = [enter(start)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.rest.next();
      if (next.done === true) {
        frames.pop();
        leave(frame.node);
        const parent = frames.at(-1);
        if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] ?? 0, low[frame.node] ?? 0);
      } else if (index[next.value] === -1) frames.push(enter(next.value));
      else if (onStack[next.value] === true) low[frame.node] = Math.min(low[frame.node] ?? 0, index[next.value] ?? 0);
    }
  }
  return found;
}

/** Kahn's algorithm with a heap: among the nodes that are free, the one of lowest rank comes first. */
export function topologicalOrder(graph: Graph, rank: readonly number[]): readonly number[] {
  const waiting = new Array<number>(graph.size).fill(0);
  for (const successors of graph.successors) for (const node of successors) waiting[node] = (waiting[node] ?? 0) + 1;
  const heap = new RankHeap(rank);
  for (let node = 0; node < graph.size; node += 1) if (waiting[node] === 0) heap.push(node);
  const order: number[] = [];
  for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
    order.push(node);
    for (const next of graph.successors[node] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) heap.push(next);
    }
  }
  return order;
}

/** A binary heap of nodes by rank. */
class RankHeap {
  readonly #nodes: number[] = [];
  readonly #rank: readonly number[];
  constructor(rank: readonly number[]) {
    this.#rank = rank;
  }

  #before(left: number, right: number): boolean {
    return (this.#rank[this.#nodes[left] ?? 0] ?? 0) < (this.#rank[this.#nodes[right] ?? 0] ?? 0);
  }

  #swap(left: number, right: number): void {
    const node = this.#nodes[left] ?? 0;
    this.#nodes[left] = this.#nodes[right] ?? 0;
    this.#nodes[right] = node;
  }

  push(node: number): void {
    this.#nodes.push(node);
    for (let place = this.#nodes.length - 1; place > 0;) {
      const parent = (place - 1) >> 1;
      if (!this.#before(place, parent)) break;
      this.#swap(place, parent);
      place = parent;
    }
  }

  pop(): number | undefined {
    const first = this.#nodes[0];
    const last = this.#nodes.pop();
    if (first === undefined || last === undefined || this.#nodes.length === 0) return first;
    this.#nodes[0] = last;
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      if (left >= this.#nodes.length) break;
      const child = left + 1 < this.#nodes.length && this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#before(child, place)) break;
      this.#swap(child, place);
      place = child;
    }
    return first;
  }
}
