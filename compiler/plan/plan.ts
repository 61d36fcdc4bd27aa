/**
 * From changes to an ordered plan: drafts of statements, one graph of what they need, make and
 * destroy, folding, one deterministic order, transactions. Knows no kind.
 */
import type { Address } from '../model/address.ts';
import type { Transaction } from '../model/statement.ts';
import { draftStatements, type PlanRequest } from './draft.ts';
import type { FoldedStatement } from './fold.ts';
import { orderStatements } from './order.ts';
import { intoTransactions } from './transactions.ts';

export interface Plan {
  readonly transactions: readonly Transaction[];
  readonly statements: readonly FoldedStatement[];
}

export function makePlan(request: PlanRequest): Plan {
  const drafts = draftStatements(request);
  const made = new Set<Address>();
  for (const { statement } of drafts) for (const id of statement.makes) made.add(id);
  const isNew = (id: Address): boolean => made.has(id) && !keepsRows(request, id);
  const statements = orderStatements(drafts, request.before, request.after, isNew).map((statement) => withoutNew(statement, isNew));
  return { statements, transactions: intoTransactions(statements, isNew) };
}

/** An object of before and after is in use, though a statement may make it anew. */
function keepsRows(request: PlanRequest, id: Address): boolean {
  return request.before.has(id) && request.after.has(id);
}

/** Nobody waits for a lock on what did not exist a moment ago, and nothing on it can be at risk. */
function withoutNew(statement: FoldedStatement, isNew: (id: Address) => boolean): FoldedStatement {
  const { locks, scans, rewrites } = statement;
  if (!locks.some((lock) => isNew(lock.relation)) && !scans.some(isNew) && !rewrites.some(isNew)) return statement;
  return {
    ...statement,
    locks: locks.filter((lock) => !isNew(lock.relation)),
    scans: scans.filter((id) => !isNew(id)),
    rewrites: rewrites.filter((id) => !isNew(id)),
  };
}
