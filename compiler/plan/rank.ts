/**
 * Among statements that nothing else puts in order: what is made first, then what locks, then what
 * takes long; within that by table, kind and place. Ranks only break ties of the graph.
 */
import { parseAddress, pathText, type Address } from '../model/address.ts';
import { compareText, sameJson, type SchemaObject, type State } from '../model/object.ts';
import { lockModes, type Statement } from '../model/statement.ts';
import { comesFirst, kindRank } from '../kinds/registry.ts';

/** What is made anew first, then changes that lock, then long steps, then what runs after the deploy. */
function stageOf(statement: Statement, isNew: (id: Address) => boolean): number {
  if (statement.phase === 'contract') return 3;
  if (isCreation(statement, isNew)) return 0;
  return statement.step === 'transactional' && !waitsForNobody(statement) ? 1 : 2;
}

const harmless = lockModes.indexOf('ShareUpdateExclusiveLock');

/** Whether no reader or writer ever waits for the statement. */
export function waitsForNobody(statement: Statement): boolean {
  return statement.locks.every((lock) => lockModes.indexOf(lock.mode) <= harmless) && statement.hazards.length === 0;
}

/** Whether a statement only makes something new, or something on what this plan makes. */
export function isCreation(statement: Statement, isNew: (id: Address) => boolean): boolean {
  return (
    (statement.step === 'transactional' || statement.step === 'expand') &&
    statement.destroys.length === 0 &&
    statement.locks.every((lock) => isNew(lock.relation)) &&
    (isNew(statement.subject) || statement.needs.some(isNew)) &&
    statement.hazards.length === 0
  );
}

interface RankKey {
  readonly stage: number;
  readonly root: string;
  readonly kind: number;
  /** For what is about another object, as a comment is: that object's kind and place. */
  readonly about: number;
  readonly position: number;
  readonly subject: Address;
  readonly place: number;
}

function findIn(states: readonly State[], id: Address): SchemaObject | undefined {
  for (const state of states) {
    const object = state.get(id);
    if (object !== undefined) return object;
  }
  return undefined;
}

function rankKey(statement: Statement, place: number, states: readonly State[], isNew: (id: Address) => boolean): RankKey {
  const object = findIn(states, statement.subject);
  const about = object?.partOf === undefined ? undefined : findIn(states, object.partOf);
  const isRemark = about !== undefined && sameJson(object?.path, about.path);
  const { kind, path } = object ?? parseAddress(statement.subject) ?? { kind: '', path: [] };
  const owner = about?.path ?? parseAddress(object?.partOf ?? '')?.path;
  return {
    stage: (comesFirst(kind) && statement.phase === 'expand') || statement.early === true ? -1 : stageOf(statement, isNew),
    root: pathText((owner !== undefined && path.length === 2 ? owner : path).slice(0, 2)),
    kind: kindRank(kind),
    about: isRemark ? kindRank(about.kind) : 0,
    position: Number((isRemark ? about : object)?.facts?.['position'] ?? 0),
    subject: statement.subject,
    place,
  };
}

/** What rests on a change that locks comes with the quiet rest, not with what is created first. */
function laterStages(keys: readonly RankKey[], statements: readonly Statement[]): readonly RankKey[] {
  const locking = new Set(keys.filter((key) => key.stage > 0).flatMap((key) => statements[key.place]?.makes ?? []));
  return keys.map((key) =>
    key.stage === 0 && statements[key.place]?.needs.some((id) => locking.has(id)) === true ? { ...key, stage: 2 } : key,
  );
}

/** The rank of each statement, the lowest first. */
export function ranks(statements: readonly Statement[], states: readonly State[], isNew: (id: Address) => boolean): readonly number[] {
  const keys = statements.map((statement, place) => rankKey(statement, place, states, isNew));
  const sorted = [...laterStages(keys, statements)].sort(
    (left, right) =>
      left.stage - right.stage ||
      compareText(left.root, right.root) ||
      left.kind - right.kind ||
      left.about - right.about ||
      left.position - right.position ||
      compareText(left.subject, right.subject) ||
      left.place - right.place,
  );
  const rank = new Array<number>(statements.length).fill(0);
  sorted.forEach((key, position) => {
    rank[key.place] = position;
  });
  return rank;
}
