/**
 * Changes that are made beside what is in use: the object whose change asks for it and all that is on
 * it are made anew at leisure, and take their places in one transaction. Where one of them has no such
 * way, none goes it, and the change is made in the plain way. Knows no kind.
 */
import { address, type Address } from '../model/address.ts';
import type { Altered, Change } from '../model/change.ts';
import { partsOf, type SchemaObject } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import type { Exchange, ExchangeRule, PlanContext, StandIns } from '../kinds/contract.ts';
import { subjectOf } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import { dependents, ruleOf } from './rule.ts';

/** What is exchanged together. */
export interface ExchangeSet {
  /** Those that change, with the names of what stands in for them. */
  readonly standIns: StandIns;
  /** By object: those that change first, then what is on them. */
  readonly exchanges: ReadonlyMap<Address, Exchange>;
}

/** Sets by the addresses of all that they exchange. */
export type Exchanges = ReadonlyMap<Address, ExchangeSet>;

interface Search {
  readonly context: PlanContext;
  /** Changes that could be made by an exchange. */
  readonly candidates: ReadonlyMap<Address, Candidate>;
  /** What changes otherwise, or goes. */
  readonly changed: ReadonlyMap<Address, Change>;
  readonly who: ReadonlyMap<Address, readonly SchemaObject[]>;
}

interface Candidate {
  readonly change: Altered;
  readonly rule: ExchangeRule<SchemaObject>;
  /** Kinds of which the objects on it give way and come back in the transaction of the exchange. */
  readonly rebuilds: ReadonlySet<string>;
}

export function findExchanges(changes: readonly Change[], context: PlanContext): Exchanges {
  const candidates = new Map(changes.flatMap((change) => candidateOf(change)));
  const wanted = [...candidates.values()].filter(({ change, rule }) => rule.wanted(change.before, change.after, context));
  const found = new Map<Address, ExchangeSet>();
  if (wanted.length === 0) return found;
  const changed = new Map(changes.map((change) => [subjectOf(change), change]));
  const search: Search = { context, candidates, changed, who: dependents(context.before) };
  const seen = new Set<Address>();
  for (const { change } of wanted) {
    if (seen.has(change.after.id)) continue;
    const members = together(change.after.id, search);
    members.forEach((id) => seen.add(id));
    const set = setOf(members, search);
    if (set !== undefined) for (const id of set.exchanges.keys()) found.set(id, set);
  }
  return found;
}

function candidateOf(change: Change): readonly (readonly [Address, Candidate])[] {
  if (change.change !== 'altered') return [];
  const { before, after, attributes } = change;
  const rules = attributes.map((attribute) => ruleOf(after, attribute));
  const rule = rules.find(({ exchange }) => exchange !== undefined)?.exchange;
  if (rule === undefined) return [];
  const rebuilt = rules.flatMap(({ rebuilds = [], reshapes }) => [...rebuilds, ...(reshapes?.(before, after)?.rebuilds ?? [])]);
  return [[after.id, { change, rule, rebuilds: new Set([...rebuilt, ...rule.rebuilds]) }]];
}

/** Whoever shares an index or a foreign key changes with it. */
function together(first: Address, { candidates, who }: Search): readonly Address[] {
  const members = new Set([first]);
  for (const id of members) {
    for (const dependent of who.get(id) ?? []) {
      if (kindOf(dependent).exchange === undefined) continue;
      for (const other of dependent.dependsOn) if (candidates.has(other)) members.add(other);
    }
  }
  return [...members];
}

function setOf(members: readonly Address[], search: Search): ExchangeSet | undefined {
  const { candidates, context } = search;
  const chosen = members.flatMap((id) => candidates.get(id) ?? []);
  const possible = ({ change: { before, after, attributes }, rule }: Candidate): boolean =>
    rule.possible(before, after, attributes, context);
  if (!chosen.every(possible)) return undefined;
  const standIns = new Map(chosen.map(({ change, rule }) => [change.after.id, rule.standIn(change.after, context)]));
  const exchanges = new Map<Address, Exchange>();
  const add = (before: SchemaObject, after: SchemaObject): boolean => {
    const exchange = kindOf(after).exchange?.(before, after, standIns, context);
    if (exchange !== undefined) exchanges.set(after.id, exchange);
    return exchange !== undefined;
  };
  if (!chosen.every(({ change }) => add(change.before, change.after))) return undefined;
  const lists = chosen.map((candidate) => exchangedOn(candidate, search));
  if (lists.includes(undefined)) return undefined;
  const onThem = new Set(lists.flatMap((list) => list ?? []));
  for (const id of onThem) {
    const [before, after] = [context.before.get(id), context.after.get(id)];
    if (before === undefined || after === undefined || !add(before, after)) return undefined;
  }
  const rebuilt = new Set(chosen.flatMap(({ rebuilds }) => [...rebuilds]));
  const isStanding = (id: Address): boolean => (search.who.get(id) ?? []).some((each) => staysOn(each, id, exchanges, rebuilt));
  return [...onThem].some(isStanding) ? undefined : { standIns, exchanges };
}

/** What is on it and is exchanged along; undefined where something is on it that has no such way. */
function exchangedOn({ change, rebuilds }: Candidate, { who, changed }: Search): readonly Address[] | undefined {
  const found: Address[] = [];
  for (const object of who.get(change.after.id) ?? []) {
    const other = changed.get(object.id);
    const isRemark = object.partOf === change.after.id && !rebuilds.has(object.kind);
    if (other?.change === 'removed' && !isRemark) return undefined;
    if (rebuilds.has(object.kind) || (isRemark && kindOf(object).exchange === undefined)) continue;
    if (kindOf(object).exchange === undefined || other !== undefined) return undefined;
    found.push(object.id);
  }
  return found;
}

/** Whether something rests on an object that is exchanged and does not go along: a foreign key on a key. */
function staysOn(object: SchemaObject, id: Address, exchanges: ReadonlyMap<Address, Exchange>, rebuilt: ReadonlySet<string>): boolean {
  return object.partOf !== id && !exchanges.has(object.id) && !rebuilt.has(object.kind);
}

/** One after the other, each of which is a sequence; what is `together` runs in the transaction of the exchange. */
export interface ExchangeSteps {
  readonly subject: Address;
  readonly steps: readonly Statement[];
  readonly runs: 'by itself' | 'together';
}

/** What no catalog knows: that all is ready that stands in for an object. */
function readyMark(id: Address): Address {
  return address('stand-in', id);
}

/** `comesBack` tells what is made again for another reason. */
export function exchangeSteps(
  { standIns, exchanges }: ExchangeSet,
  context: PlanContext,
  comesBack: (id: Address) => boolean,
): readonly ExchangeSteps[] {
  const { before, after } = context;
  const ready = [...exchanges].flatMap(([id, { beside }]) => (beside.length === 0 ? [] : [readyMark(id)]));
  return [...exchanges].flatMap(([id, { beside, leave, take, afterwards = [] }]): readonly ExchangeSteps[] => {
    const object = before.get(id) ?? after.get(id);
    const first = standIns.has(id)
      ? []
      : [...standIns.keys(), ...(object?.dependsOn ?? [])].filter((other) => exchanges.has(other)).map(readyMark);
    const waiting = (steps: readonly Statement[]): readonly Statement[] =>
      steps.map((step) => ({ ...step, needs: [...step.needs, ...ready] }));
    return [
      { subject: id, steps: made(beside, first, readyMark(id)), runs: 'by itself' },
      { subject: id, steps: waiting(leave), runs: 'together' },
      { subject: id, steps: waiting(take), runs: 'together' },
      ...partsOf(after, id)
        .filter((part) => before.has(part.id) && !exchanges.has(part.id) && !comesBack(part.id))
        .map((part): ExchangeSteps => ({ subject: part.id, steps: kindOf(part).create(part, context), runs: 'by itself' })),
      { subject: id, steps: afterwards, runs: 'by itself' },
    ];
  });
}

/** All of it needs what comes first, and the last step says that it is ready. */
function made(beside: readonly Statement[], first: readonly Address[], mark: Address): readonly Statement[] {
  return beside.map((step, place) => ({
    ...step,
    needs: [...step.needs, ...first],
    makes: place === beside.length - 1 ? [...step.makes, mark] : step.makes,
  }));
}
