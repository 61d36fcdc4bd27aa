/**
 * Circles among declarations: arrows that type inference would follow round in a circle, one of which
 * must say its type; and files that import each other, in which SQL must ask for names later.
 */
import type { Address } from '../model/address.ts';

/** From one declaration to another that its type is inferred from. */
export interface TypeEdge {
  readonly from: Address;
  readonly to: Address;
  /** Whether the type could be written out there instead. */
  readonly canSayType: boolean;
}

/**
 * The edges that must say their type, so that inference never comes back to where it began: taken in
 * their order, those that would close a circle. By declaration, what each must not infer from.
 */
export function circularEdges(edges: readonly TypeEdge[]): ReadonlyMap<Address, ReadonlySet<Address>> {
  const inferred = new Map<Address, Address[]>();
  const said = new Map<Address, Set<Address>>();
  const next = (node: Address): readonly Address[] => inferred.get(node) ?? [];
  const follow = ({ from, to }: TypeEdge): void => void inferred.set(from, [...next(from), to]);
  edges.filter(({ canSayType }) => !canSayType).forEach(follow);
  for (const edge of edges.filter(({ canSayType }) => canSayType)) {
    if (reaches(edge.to, edge.from, next)) said.set(edge.from, (said.get(edge.from) ?? new Set()).add(edge.to));
    else follow(edge);
  }
  return said;
}

/** Whether one can be reached from another by one step or more. */
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
