/**
 * Puts clauses into the statement that takes them in: columns and constraints into CREATE TABLE, a
 * default into its column. Keeps for each clause where it stands, so that PostgreSQL's error
 * position leads to the declaration that it comes from.
 */
import type { Address } from '../model/address.ts';
import type { Statement } from '../model/statement.ts';

/** Where the text that an object contributed stands in a statement, in characters from 0. */
export interface ClauseSpan {
  readonly subject: Address;
  readonly start: number;
  readonly end: number;
}

export interface FoldedStatement extends Statement {
  /** Absent where nothing was folded in. */
  readonly clauses?: readonly ClauseSpan[];
}

interface Clause {
  readonly text: string;
  readonly subject: Address;
  readonly order: number;
}

function unite(root: Statement, members: readonly Statement[]): Statement {
  const makes = [root, ...members].flatMap((member) => member.makes);
  const made = new Set(makes);
  return {
    ...root,
    makes,
    needs: [...new Set([root, ...members].flatMap((member) => member.needs))].filter((id) => !made.has(id)),
    hazards: [root, ...members].flatMap((member) => member.hazards),
  };
}

/** Composes a statement with the statements that fold into it, directly or through one another. */
export function foldTogether(root: Statement, members: readonly Statement[]): FoldedStatement {
  if (members.length === 0) {
    const needsItself = root.needs.some((id) => root.makes.includes(id));
    return needsItself ? { ...root, needs: root.needs.filter((id) => !root.makes.includes(id)) } : root;
  }
  const into = new Map<Address, Statement[]>();
  for (const member of members) {
    const target = member.fold?.into ?? '';
    const list = into.get(target);
    if (list === undefined) into.set(target, [member]);
    else list.push(member);
  }
  const clausesOf = (owner: Statement): readonly Clause[] =>
    owner.makes
      .flatMap((id) => into.get(id) ?? [])
      .map((member) => ({
        text: [member.fold?.clause ?? '', ...clausesOf(member).map((clause) => clause.text)].join(' '),
        subject: member.subject,
        order: member.fold?.order ?? 0,
      }))
      .sort((left, right) => left.order - right.order || (left.subject < right.subject ? -1 : 1));
  const clauses = clausesOf(root);
  const accepts = root.accepts;
  if (accepts === undefined || clauses.length === 0) return unite(root, members);
  const isList = accepts.style === 'list';
  let sql = isList ? `${accepts.head} (` : accepts.head;
  const spans: ClauseSpan[] = [];
  clauses.forEach((clause, place) => {
    sql += isList ? `${place === 0 ? '' : ','}\n  ` : ' ';
    spans.push({ subject: clause.subject, start: sql.length, end: sql.length + clause.text.length });
    sql += clause.text;
  });
  sql += isList ? `\n)${accepts.tail}` : accepts.tail;
  return { ...unite(root, members), sql, clauses: spans };
}
