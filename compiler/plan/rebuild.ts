/**
 * Which objects give way to a change and come back after it, and what must do so in one transaction.
 * Knows no kind.
 */
import { pathText, type Address } from '../model/address.ts';
import type { Altered, Change } from '../model/change.ts';
import { ownedBy, type SchemaObject } from '../model/object.ts';
import type { Phase } from '../model/statement.ts';
import { kindOf } from '../kinds/registry.ts';
import type { PlanRequest } from './draft.ts';
import type { Exchanges } from './exchange.ts';
import type { Group } from './group.ts';
import { dependents, ruleOf, type Rule } from './rule.ts';

/** Whether a changed attribute means that the object is dropped and made again. */
function isReplaced(rule: Rule, before: SchemaObject, after: SchemaObject, request: PlanRequest): boolean {
  if (rule.replaces?.(before, after, request) === true) return true;
  return rule.statements === 'replace' && kindOf(after).replace === undefined;
}

/**
 * Objects that must be dropped and made again, each with the name of the group that must do so in
 * one transaction: those whose changed attribute says `replace` and whose kind has no way of its own,
 * those that a change `rebuilds`, and all that depends on one of them. The changed object itself is
 * in the group, though it may only be altered.
 */
export interface Rebuilds {
  readonly objects: ReadonlySet<Address>;
  readonly group: (id: Address) => Group | undefined;
}

export function rebuiltObjects(request: PlanRequest, asked: readonly Change[], exchanges: Exchanges): Rebuilds {
  const { before, after, changes } = request;
  const objects = new Set<Address>();
  const parents = new Map<Address, Address>();
  const rootOf = (id: Address): Address => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent;
    return root;
  };
  const queue: Address[] = [];
  const unite = (id: Address, because: Address): void => {
    parents.set(because, rootOf(because));
    parents.set(rootOf(id), rootOf(because));
  };
  const kept = new Set<string>();
  const keepers: Address[] = [];
  const add = (id: Address, because: Address): void => {
    if (!after.has(id) || kept.has(before.get(id)?.kind ?? '')) return;
    if (!before.has(id)) return;
    unite(id, because);
    if (objects.has(id)) return;
    objects.add(id);
    queue.push(id);
  };
  let who: ReadonlyMap<Address, readonly SchemaObject[]> | undefined;
  const dependentsOf = (id: Address): readonly SchemaObject[] => (who ??= dependents(before)).get(id) ?? [];
  const changed = new Set(changes.flatMap((change) => (change.change === 'altered' ? [change.after.id] : [])));
  for (const change of changes) {
    // What was an object of its own belongs to an opaque one from now on, or no more: one goes as the other comes.
    if (change.change === 'added') for (const id of ownedBy(change.after)) if (before.has(id)) unite(change.after.id, id);
    if (change.change === 'removed') for (const id of ownedBy(change.before)) if (after.has(id)) unite(id, change.before.id);
    // What did not change itself rests on something else from now on: a foreign key on another unique key.
    if (change.change === 'removed')
      for (const each of dependentsOf(change.before.id))
        if (!changed.has(each.id) || isNameTaken(change.before, changes)) add(each.id, change.before.id);
    if (change.change !== 'altered') continue;
    for (const attribute of change.attributes) {
      const rule = ruleOf(change.after, attribute);
      if (isReplaced(rule, change.before, change.after, request)) {
        add(change.after.id, change.after.id);
        for (const kind of rule.keeps ?? []) kept.add(kind);
        if (rule.keeps !== undefined) keepers.push(change.after.id);
      }
      const reshaping = rule.reshapes?.(change.before, change.after);
      const exchanged = exchanges.has(change.after.id) ? (rule.exchange?.rebuilds ?? []) : [];
      const kinds = [...(rule.rebuilds ?? []), ...(reshaping?.rebuilds ?? []), ...exchanged];
      if (kinds.length + Object.keys(reshaping?.alters ?? {}).length === 0) continue;
      for (const dependent of dependentsOf(change.after.id)) {
        if (kinds.includes(dependent.kind)) add(dependent.id, change.after.id);
        else if (reshaping?.alters?.[dependent.kind] !== undefined) unite(dependent.id, change.after.id);
      }
    }
  }
  for (const { exchanges: all } of new Set(exchanges.values())) {
    const [first = '', ...others] = all.keys();
    for (const id of [first, ...others]) unite(id, first);
  }
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) for (const dependent of dependentsOf(id)) add(dependent.id, id);
  const waiting = new Map<Address, boolean>();
  // What comes along, as the conversion of a column on a type that is made anew, has no say.
  for (const change of asked) {
    if (change.change !== 'altered' || !parents.has(change.after.id)) continue;
    const root = rootOf(change.after.id);
    waiting.set(root, (waiting.get(root) ?? true) && phaseOfChange(change) === 'contract');
  }
  const group = (id: Address): Group | undefined => {
    if (!parents.has(id)) return undefined;
    const root = rootOf(id);
    return {
      name: `rebuild ${root}`,
      ...(waiting.get(root) === true ? { phase: 'contract' } : {}),
      ...(keepers.some((keeper) => rootOf(keeper) === root) ? { keepsRows: true } : {}),
    };
  };
  return { objects, group };
}

/** After the deploy only where that is said of every attribute that changes. */
function phaseOfChange({ before, after, attributes }: Altered): Phase {
  const phases = attributes.map((attribute) => ruleOf(after, attribute).reshapes?.(before, after)?.phase ?? 'expand');
  return phases.every((phase) => phase === 'contract') ? 'contract' : 'expand';
}

/**
 * Whether the index of a dropped key must be gone before another of its name is made, as when a table is
 * replaced by one of another name: then what rests on the key cannot stand beside its successor.
 */
function isNameTaken(dropped: SchemaObject, changes: readonly Change[]): boolean {
  const nameOf = ({ path }: SchemaObject): string => pathText([path[0] ?? '', path.at(-1) ?? '']);
  const hasIndex = (object: SchemaObject): boolean => kindOf(object).hasIndexOfItsName === true;
  if (!hasIndex(dropped)) return false;
  return changes.some((change) => change.change === 'added' && hasIndex(change.after) && nameOf(change.after) === nameOf(dropped));
}
