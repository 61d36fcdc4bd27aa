/**
 * The way from one state to another: renames first, then the plan of what still differs. The engine
 * holds the first state and is left as it was.
 */
import { diff } from '../diff/diff.ts';
import type { Engine } from '../engine/engine.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation, Project } from '../model/declared.ts';
import type { State } from '../model/object.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import { runRenames } from './renames.ts';

export interface TransitionRequest {
  readonly engine: Engine;
  readonly before: State;
  readonly after: State;
  /** The major that the statements are written for. */
  readonly target: number;
  readonly annotation: (id: Address) => Annotation;
  /** As a project says it; `in place` where absent. */
  readonly renames?: Project['renames'];
  /** Nobody can write how rows get through the change: see `PlanContext`. */
  readonly rows?: 'assumed';
  /** Reads the engine's state inside an open transaction, in the form that `before` has. */
  readonly read: () => Promise<State>;
}

export interface Transition {
  readonly transactions: readonly Transaction[];
  /** All statements in order, renames first. */
  readonly statements: readonly Statement[];
  readonly renames: readonly Statement[];
  /** New addresses of what is renamed, by the old ones. */
  readonly renamed: ReadonlyMap<Address, Address>;
  /** The state once the renames are done. */
  readonly start: State;
  /** What differs then. */
  readonly changes: readonly Change[];
}

export async function planTransition(request: TransitionRequest): Promise<Transition> {
  const renamed = await runRenames(request.renames === 'expand and contract' ? { ...request, keepsNamesFor: request.target } : request);
  const changes = diff(renamed.state, request.after);
  const { after, target, annotation } = request;
  const rows = request.rows === undefined ? {} : { rows: request.rows };
  const plan = makePlan({ before: renamed.state, after, changes, major: target, annotation, ...rows });
  const first = renamed.statements.length === 0 ? [] : [{ block: true, statements: renamed.statements }];
  const transactions = [...first, ...plan.transactions];
  return {
    transactions,
    statements: transactions.flatMap((transaction) => transaction.statements),
    renames: renamed.statements,
    renamed: new Map([...renamed.addresses, ...renamed.beside]),
    start: renamed.state,
    changes,
  };
}
