/**
 * An identity column of a table that has rows (rule book C5): ADD COLUMN … GENERATED writes every row
 * again while nobody can use the table. A column with a sequence of its own as default is filled batch
 * by batch; then an identity takes its place, and goes on where the sequence is.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { lock, tableOf } from '../statements.ts';
import { backfillColumn } from './backfill.ts';
import { alterColumn, columnClause, identityClause } from './clause.ts';
import { addColumn } from './create.ts';
import { setNotNull } from './not-null.ts';
import type { Column, ColumnAttributes } from './object.ts';

type Identity = NonNullable<ColumnAttributes['identity']>;

export function addIdentity(column: Column, identity: Identity, context: PlanContext): readonly Statement[] {
  const { identity: _, ...attributes } = column.attributes;
  const plain: Column = { ...column, attributes: { ...attributes, nullable: true } };
  const path = [column.path[0] ?? '', constraintName(column.path[1] ?? '', [column.path[2] ?? ''], 'fill')];
  const next = `nextval(${quoteText(qualifiedName(path))})`;
  const filled: Column = { ...column, attributes: { ...attributes, nullable: false } };
  return [
    addColumn(plain, columnClause(plain)),
    ...numberNewRows(column, identity, path, next),
    backfillColumn(filled, next, []),
    ...setNotNull(filled, context),
    becomeIdentity(column, identity, path),
  ];
}

/** What an identity needs no privilege for, a default does: whoever inserts a row may take a number. */
function numberNewRows(column: Column, { generation, ...options }: Identity, path: readonly string[], next: string): readonly Statement[] {
  const [name, words] = [qualifiedName(path), pathText(column.path)];
  const [, given = ''] = /\((.*)\)$/.exec(identityClause({ generation, ...options }, column.attributes.type)) ?? [];
  const base = { subject: column.id, needs: [column.id], atomic: `number ${column.id}` };
  return [
    statement({
      ...base,
      sql: `CREATE SEQUENCE ${name} AS ${column.attributes.type}${given === '' ? '' : ` ${given}`}`,
      purpose: `A sequence that numbers ${words} until it is an identity.`,
      makes: [address('sequence', ...path)],
    }),
    statement({
      ...base,
      sql: `GRANT USAGE ON SEQUENCE ${name} TO PUBLIC`,
      purpose: 'Whoever inserts a row takes a number of it.',
    }),
    statement({
      ...base,
      sql: alterColumn(column, `SET DEFAULT ${next}`),
      purpose: `New rows of ${pathText(column.path.slice(0, 2))} have a number from now on.`,
      locks: lock('AccessExclusiveLock', tableOf(column)),
    }),
  ];
}

function becomeIdentity(column: Column, identity: Identity, path: readonly string[]): Statement {
  const table = qualifiedName(column.path.slice(0, 2));
  const sequence = qualifiedName(path);
  const body = `
DECLARE
  reached bigint;
  used boolean;
BEGIN
  ${alterColumn(column, 'DROP DEFAULT')};
  SELECT last_value, is_called INTO reached, used FROM ${sequence};
  ${alterColumn(column, `ADD ${identityClause(identity, column.attributes.type)}`)};
  PERFORM setval(pg_get_serial_sequence(${quoteText(table)}, ${quoteText(column.path[2] ?? '')}), reached, used);
  DROP SEQUENCE ${sequence};
END
`;
  return statement({
    sql: `DO ${dollarQuote(body)}`,
    purpose: `Make ${quoteName(column.path[2] ?? '')} an identity, which goes on where its sequence is.`,
    subject: column.id,
    locks: lock('AccessExclusiveLock', tableOf(column)),
  });
}
