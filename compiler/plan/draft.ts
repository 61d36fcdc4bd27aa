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
import { creatorFor } from './beside.ts';
import { exchangeSteps, findExchanges } from './exchange.ts';
import { inGroup, inPhaseOf } from './group.ts';
import { rebuiltObjects } from './rebuild.ts';
import { ruleOf, withReshaped } from './rule.ts';

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
  /** `in place`: nothing is made beside what is in use, as by a hand-written statement. */
  readonly alters?: 'in place';
}

/** Turns changes into drafts; mistakes of the user's are collected over all changes and thrown together. */
export function draftStatements(request: PlanRequest): readonly Draft[] {
  const { before, after } = request;
  const changes = withReshaped(request);
  const added = new Set(changes.flatMap((change) => (change.change === 'added' ? [change.after.id] : [])));
  const removed = new Set(changes.flatMap((change) => (change.change === 'removed' ? [change.before.id] : [])));
  const withRebuilt = (again: ReadonlySet<Address>): PlanContext => ({
    major: request.major,
    before,
    after,
    isNew: (id) => added.has(id) || again.has(id),
    isDropped: (id) => removed.has(id) || again.has(id),
    annotation: request.annotation,
    ...(request.rows === undefined ? {} : { rows: request.rows }),
  });
  const exchanges = request.alters === 'in place' ? new Map<Address, never>() : findExchanges(changes, withRebuilt(new Set()));
  const { objects: rebuilt, group } = rebuiltObjects({ ...request, changes }, request.changes, exchanges);
  const context = withRebuilt(rebuilt);
  const create = creatorFor(context);
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
    if (change.change === 'added') for (const make of create(change.after)) emit(() => inGroup(make(), group(change.after.id)));
    else if (change.change === 'removed') drop(change.before);
    else if (!rebuilt.has(change.after.id) && !exchanges.has(change.after.id)) {
      emit(() => inGroup(alter(change.before, change.after, change.attributes, context, replacedInPlace), group(change.after.id)));
    }
  }
  for (const set of new Set(exchanges.values())) {
    for (const { subject, steps, runs } of exchangeSteps(set, context, (id) => rebuilt.has(id)))
      emit(() => (runs === 'together' ? inGroup(steps, group(subject)) : steps));
  }
  for (const id of rebuilt) {
    const old = before.get(id);
    const now = after.get(id);
    if (old !== undefined) drop(old);
    if (now !== undefined) for (const make of create(now)) emit(() => inGroup(make(), group(id)));
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
