/**
 * Changes become drafts of statements: each kind is asked, objects that must give way are taken down
 * and put up again, and what vanishes with its owner is marked as absorbed. Knows no kind.
 */
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { partsOf, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { PlanContext } from '../kinds/contract.ts';
import { kindOf } from '../kinds/registry.ts';

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
}

type Rule = {
  readonly statements: unknown;
  readonly rebuilds?: readonly string[];
  readonly replaces?: (before: SchemaObject, after: SchemaObject) => boolean;
};

function ruleOf(object: SchemaObject, attribute: string): Rule {
  const rule = (kindOf(object).alter as Readonly<Record<string, Rule | undefined>>)[attribute];
  if (rule === undefined) throw new Error(`kind '${object.kind}' has no rule for its attribute '${attribute}'`);
  return rule;
}

/** Whether a changed attribute means that the object is dropped and made again. */
function isReplaced(rule: Rule, before: SchemaObject, after: SchemaObject): boolean {
  if (rule.replaces?.(before, after) === true) return true;
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
  readonly group: (id: Address) => string | undefined;
}

function rebuiltObjects(request: PlanRequest): Rebuilds {
  const { before, after, changes } = request;
  const objects = new Set<Address>();
  const parents = new Map<Address, Address>();
  const rootOf = (id: Address): Address => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent;
    return root;
  };
  const queue: Address[] = [];
  const add = (id: Address, because: Address): void => {
    if (!before.has(id) || !after.has(id)) return;
    parents.set(because, rootOf(because));
    parents.set(rootOf(id), rootOf(because));
    if (objects.has(id)) return;
    objects.add(id);
    queue.push(id);
  };
  let who: ReadonlyMap<Address, readonly SchemaObject[]> | undefined;
  const dependentsOf = (id: Address): readonly SchemaObject[] => (who ??= dependents(before)).get(id) ?? [];
  const changed = new Set(changes.flatMap((change) => (change.change === 'altered' ? [change.after.id] : [])));
  for (const change of changes) {
    // What did not change itself rests on something else from now on: a foreign key on another unique key.
    if (change.change === 'removed') for (const { id } of dependentsOf(change.before.id)) if (!changed.has(id)) add(id, change.before.id);
    if (change.change !== 'altered') continue;
    for (const attribute of change.attributes) {
      const rule = ruleOf(change.after, attribute);
      if (isReplaced(rule, change.before, change.after)) add(change.after.id, change.after.id);
      if (rule.rebuilds !== undefined) {
        for (const dependent of dependentsOf(change.after.id))
          if (rule.rebuilds.includes(dependent.kind)) add(dependent.id, change.after.id);
      }
    }
  }
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) for (const dependent of dependentsOf(id)) add(dependent.id, id);
  return { objects, group: (id) => (parents.has(id) ? `rebuild ${rootOf(id)}` : undefined) };
}

/** Fast statements of a group share its transaction; long ones come before or after it. */
function inGroup(statements: readonly Statement[], group: string | undefined): readonly Statement[] {
  if (group === undefined) return statements;
  return statements.map((step) => (step.step === 'transactional' && step.fold === undefined ? { ...step, atomic: group } : step));
}

/** Turns changes into drafts; mistakes of the user's are collected over all changes and thrown together. */
export function draftStatements(request: PlanRequest): readonly Draft[] {
  const { before, after, changes } = request;
  const { objects: rebuilt, group } = rebuiltObjects(request);
  const added = new Set(changes.flatMap((change) => (change.change === 'added' ? [change.after.id] : [])));
  const removed = new Set(changes.flatMap((change) => (change.change === 'removed' ? [change.before.id] : [])));
  const context: PlanContext = {
    major: request.major,
    before,
    after,
    isNew: (id) => added.has(id) || rebuilt.has(id),
    isDropped: (id) => removed.has(id) || rebuilt.has(id),
    annotation: request.annotation,
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
    if (change.change === 'added') emit(() => kindOf(change.after).create(change.after, context));
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
  for (const part of replacedInPlace.flatMap((id) => partsOf(after, id))) {
    if (!added.has(part.id) && !rebuilt.has(part.id)) emit(() => kindOf(part).create(part, context));
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
