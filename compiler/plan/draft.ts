/**
 * Changes become drafts of statements: each kind is asked, objects that must give way are taken down
 * and put up again, and what vanishes with its owner is marked as absorbed. Knows no kind.
 */
import { pathText, type Address } from '../model/address.ts';
import type { Altered, Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { compareText, ownedBy, partsOf, type SchemaObject, type State } from '../model/object.ts';
import type { Phase, Statement } from '../model/statement.ts';
import type { PlanContext, Reshaping } from '../kinds/contract.ts';
import { subjectOf } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import { inGroup, inPhaseOf, type Group } from './group.ts';

export interface Draft {
  readonly statement: Statement;
  /** Drafts of one sequence run in their order. */
  readonly sequence: number;
  /** The owner whose drop takes this object away; the statement is needed only where that would be a cycle. */
  readonly absorbedBy?: Address;
}

export interface PlanRequest {
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  readonly major: number;
  readonly annotation: (id: Address) => Annotation;
  /** As `PlanContext.rows`. */
  readonly rows?: 'assumed';
}

type Rule = {
  readonly statements: unknown;
  readonly rebuilds?: readonly string[];
  readonly keeps?: readonly string[];
  readonly replaces?: (before: SchemaObject, after: SchemaObject, context: Pick<PlanContext, 'major' | 'rows'>) => boolean;
  readonly reshapes?: (before: SchemaObject, after: SchemaObject) => Reshaping | undefined;
};

function ruleOf(object: SchemaObject, attribute: string): Rule {
  const rule = (kindOf(object).alter as Readonly<Record<string, Rule | undefined>>)[attribute];
  if (rule === undefined) throw new Error(`kind '${object.kind}' has no rule for its attribute '${attribute}'`);
  return rule;
}

/** Whether a changed attribute means that the object is dropped and made again. */
function isReplaced(rule: Rule, before: SchemaObject, after: SchemaObject, request: PlanRequest): boolean {
  if (rule.replaces?.(before, after, request) === true) return true;
  return rule.statements === 'replace' && kindOf(after).replace === undefined;
}

/** Who depends on an object, both ways of depending included: by pg_depend and by belonging. */
function dependents(state: State): ReadonlyMap<Address, readonly SchemaObject[]> {
  const map = new Map<Address, SchemaObject[]>();
  for (const object of state.values()) {
    const owner = object.partOf;
    const needed = owner !== undefined && kindOf(object).restsOnOwnerAlone === true ? [owner] : object.dependsOn;
    for (const id of needed) {
      const list = map.get(id);
      if (list === undefined) map.set(id, [object]);
      else list.push(object);
    }
  }
  return map;
}

/**
 * Objects that must be dropped and made again, each with the name of the group that must do so in
 * one transaction: those whose changed attribute says `replace` and whose kind has no way of its own,
 * those that a change `rebuilds`, and all that depends on one of them. The changed object itself is
 * in the group, though it may only be altered.
 */
interface Rebuilds {
  readonly objects: ReadonlySet<Address>;
  readonly group: (id: Address) => Group | undefined;
}

function rebuiltObjects(request: PlanRequest, asked: readonly Change[]): Rebuilds {
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
      const kinds = [...(rule.rebuilds ?? []), ...(reshaping?.rebuilds ?? [])];
      if (kinds.length + Object.keys(reshaping?.alters ?? {}).length === 0) continue;
      for (const dependent of dependentsOf(change.after.id)) {
        if (kinds.includes(dependent.kind)) add(dependent.id, change.after.id);
        else if (reshaping?.alters?.[dependent.kind] !== undefined) unite(dependent.id, change.after.id);
      }
    }
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

/** Changes that others bring along: a column on an enum that is made anew is converted, though its type reads the same. */
function withReshaped(request: PlanRequest): readonly Change[] {
  const { before, after, changes } = request;
  const along = changes.flatMap((change) =>
    change.change !== 'altered'
      ? []
      : change.attributes.flatMap((attribute) => {
          const alters = ruleOf(change.after, attribute).reshapes?.(change.before, change.after)?.alters;
          return alters === undefined ? [] : [{ id: change.after.id, alters }];
        }),
  );
  if (along.length === 0) return changes;
  const who = dependents(before);
  const altered = new Map(changes.map((change) => [change.change === 'removed' ? change.before.id : change.after.id, change]));
  for (const { id, alters } of along) {
    for (const old of who.get(id) ?? []) {
      const [attribute, now, known] = [alters[old.kind], after.get(old.id), altered.get(old.id)];
      if (attribute === undefined || now === undefined) continue;
      const others = known?.change === 'altered' ? known.attributes : [];
      altered.set(old.id, {
        change: 'altered',
        before: old,
        after: now,
        attributes: [...new Set([...others, attribute])].sort(compareText),
      });
    }
  }
  return [...altered.values()].sort((left, right) => compareText(subjectOf(left), subjectOf(right)));
}

/** Turns changes into drafts; mistakes of the user's are collected over all changes and thrown together. */
export function draftStatements(request: PlanRequest): readonly Draft[] {
  const { before, after } = request;
  const changes = withReshaped(request);
  const { objects: rebuilt, group } = rebuiltObjects({ ...request, changes }, request.changes);
  const added = new Set(changes.flatMap((change) => (change.change === 'added' ? [change.after.id] : [])));
  const removed = new Set(changes.flatMap((change) => (change.change === 'removed' ? [change.before.id] : [])));
  const context: PlanContext = {
    major: request.major,
    before,
    after,
    isNew: (id) => added.has(id) || rebuilt.has(id),
    isDropped: (id) => removed.has(id) || rebuilt.has(id),
    annotation: request.annotation,
    ...(request.rows === undefined ? {} : { rows: request.rows }),
  };
  const drafts: Draft[] = [];
  const problems: Diagnostic[] = [];
  let sequence = 0;
  const emit = (make: () => readonly Statement[], absorbedBy?: Address): void => {
    try {
      for (const statement of make()) drafts.push(absorbedBy === undefined ? { statement, sequence } : { statement, sequence, absorbedBy });
      sequence += 1;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      problems.push(...error.diagnostics);
    }
  };
  const drop = (object: SchemaObject): void => {
    const goes = object.partOf !== undefined && context.isDropped(object.partOf) && kindOf(object).outlivesOwner !== true;
    const owner = goes ? object.partOf : undefined;
    emit(() => inGroup(kindOf(object).drop(object, context), group(object.id)), owner);
  };
  const replacedInPlace: Address[] = [];
  for (const change of changes) {
    if (change.change === 'added') emit(() => inGroup(kindOf(change.after).create(change.after, context), group(change.after.id)));
    else if (change.change === 'removed') drop(change.before);
    else if (!rebuilt.has(change.after.id)) {
      emit(() => inGroup(alter(change.before, change.after, change.attributes, context, replacedInPlace), group(change.after.id)));
    }
  }
  for (const id of rebuilt) {
    const old = before.get(id);
    const now = after.get(id);
    if (old !== undefined) drop(old);
    if (now !== undefined) emit(() => inGroup(kindOf(now).create(now, context), group(id)));
  }
  for (const holder of after.values()) {
    const { onCreation } = kindOf(holder);
    if (onCreation === undefined) continue;
    for (const id of [...added, ...rebuilt]) {
      const made = after.get(id);
      if (made !== undefined) emit(() => onCreation(holder, made, context));
    }
  }
  for (const id of replacedInPlace) {
    for (const part of partsOf(after, id)) {
      if (!added.has(part.id) && !rebuilt.has(part.id)) emit(() => inPhaseOf(kindOf(part).create(part, context), group(id)));
    }
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  return drafts;
}

function alter(
  before: SchemaObject,
  after: SchemaObject,
  attributes: readonly string[],
  context: PlanContext,
  replacedInPlace: Address[],
): readonly Statement[] {
  const kind = kindOf(after);
  const rules = attributes.map((attribute) => ruleOf(after, attribute).statements);
  if (attributes.some((attribute) => ruleOf(after, attribute).reshapes?.(before, after)?.remakes === true)) replacedInPlace.push(after.id);
  if (rules.includes('replace') && kind.replace !== undefined) {
    replacedInPlace.push(after.id);
    return kind.replace(before, after, context);
  }
  return rules.flatMap((rule) =>
    typeof rule === 'function'
      ? (rule as (before: SchemaObject, after: SchemaObject, context: PlanContext) => readonly Statement[])(before, after, context)
      : [],
  );
}

/** The place of the first draft in the sequence of this one. */
export function firstOfSequence(drafts: readonly Draft[], place: number): number {
  let first = place;
  while (first > 0 && drafts[first - 1]?.sequence === drafts[place]?.sequence) first -= 1;
  return first;
}

/** The first of the statements that drop an object; where one of them makes something, they do more than that. */
export function firstOfDrop(drafts: readonly Draft[], place: number): number {
  const first = firstOfSequence(drafts, place);
  return drafts.slice(first, place).every(({ statement }) => statement.makes.length === 0) ? first : place;
}
