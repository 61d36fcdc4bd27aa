/**
 * What a kind says of a change of one attribute, and the changes that others bring along. Knows no kind.
 */
import { compareText, type SchemaObject, type State } from '../model/object.ts';
import type { Change } from '../model/change.ts';
import type { Address } from '../model/address.ts';
import type { ExchangeRule, PlanContext, Reshaping } from '../kinds/contract.ts';
import { subjectOf } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import type { PlanRequest } from './draft.ts';

export type Rule = {
  readonly statements: unknown;
  readonly rebuilds?: readonly string[];
  readonly keeps?: readonly string[];
  readonly exchange?: ExchangeRule<SchemaObject>;
  readonly replaces?: (before: SchemaObject, after: SchemaObject, context: Pick<PlanContext, 'major' | 'rows'>) => boolean;
  readonly reshapes?: (before: SchemaObject, after: SchemaObject) => Reshaping | undefined;
};

export function ruleOf(object: SchemaObject, attribute: string): Rule {
  const rule = (kindOf(object).alter as Readonly<Record<string, Rule | undefined>>)[attribute];
  if (rule === undefined) throw new Error(`kind '${object.kind}' has no rule for its attribute '${attribute}'`);
  return rule;
}

/** Who depends on an object, both ways of depending included: by pg_depend and by belonging. */
export function dependents(state: State): ReadonlyMap<Address, readonly SchemaObject[]> {
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

/** Changes that others bring along: a column on an enum that is made anew is converted, though its type reads the same. */
export function withReshaped(request: PlanRequest): readonly Change[] {
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
