/**
 * Groups ordered statements into transactions: what a plan creates together, statements that must
 * not be half done together, everything that makes others wait alone, and what PostgreSQL refuses in
 * a transaction outside of any.
 */
import type { Address } from '../model/address.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { isCreation, waitsForNobody } from './rank.ts';

/** What a statement shares its transaction with: statements of equal keys that follow each other. */
function shareKey(statement: Statement, isNew: (id: Address) => boolean): string | undefined {
  const { phase } = statement;
  if (statement.atomic !== undefined) return `${phase} atomic ${statement.atomic}`;
  if (isCreation(statement, isNew)) return `${phase} creation`;
  return statement.step === 'transactional' && waitsForNobody(statement) ? `${phase} harmless` : undefined;
}

export function intoTransactions(statements: readonly Statement[], isNew: (id: Address) => boolean): readonly Transaction[] {
  const transactions: { block: boolean; statements: Statement[]; key: string | undefined }[] = [];
  for (const statement of statements) {
    const key = shareKey(statement, isNew);
    const last = transactions.at(-1);
    if (key !== undefined && last?.key === key) last.statements.push(statement);
    else transactions.push({ block: key !== undefined || statement.step === 'transactional', statements: [statement], key });
  }
  return transactions.map(({ block, statements: members }) => ({ block, statements: members }));
}
