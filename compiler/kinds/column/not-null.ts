/**
 * How an old column becomes NOT NULL without a scan that blocks (rule book N1): on 17 and older
 * through a validated check that SET NOT NULL trusts, on 18 through NOT NULL … NOT VALID.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { hazard, isSmall, lock } from '../statements.ts';
import type { Column } from './object.ts';

/** What a key over the column waits for; no object has this id. */
export function notNullMark(column: readonly string[]): string {
  return address('not-null', ...column);
}

export function setNotNull(column: Column, context: PlanContext): readonly Statement[] {
  const table = address('table', ...column.path.slice(0, 2));
  const words = pathText(column.path);
  const alter = `ALTER TABLE ${qualifiedName(column.path.slice(0, 2))}`;
  const name = quoteName(column.path[2] ?? '');
  const base = {
    subject: column.id,
    needs: [column.id],
    locks: lock('AccessExclusiveLock', table),
  };
  const failing = hazard(
    'data-dependent',
    column.id,
    'fails where the column is null',
    `SELECT * FROM ${qualifiedName(column.path.slice(0, 2))} WHERE ${name} IS NULL LIMIT 20`,
  );
  const last = { makes: [notNullMark(column.path)], reverse: `${alter} ALTER COLUMN ${name} DROP NOT NULL` };
  if (isSmall(table, context)) {
    return [
      statement({
        ...base,
        ...last,
        sql: `${alter} ALTER COLUMN ${name} SET NOT NULL`,
        purpose: `Make ${words} NOT NULL.`,
        scans: [table],
        hazards: [failing],
      }),
    ];
  }
  const constraint = quoteName(constraintName(column.path[1] ?? '', [column.path[2] ?? ''], 'not_null'));
  const inSteps = context.major >= 18;
  const definition = inSteps ? `NOT NULL ${name}` : `CHECK (${name} IS NOT NULL)`;
  return [
    statement({
      ...base,
      sql: `${alter} ADD CONSTRAINT ${constraint} ${definition} NOT VALID`,
      purpose: `Refuse new nulls in ${words}; existing rows are looked at in the next step.`,
    }),
    statement({
      ...base,
      ...(inSteps ? last : {}),
      step: 'validate',
      sql: `${alter} VALIDATE CONSTRAINT ${constraint}`,
      purpose: `Check existing rows of ${words}; reads and writes go on.`,
      locks: lock('ShareUpdateExclusiveLock', table),
      scans: [table],
      hazards: [failing],
    }),
    ...(inSteps
      ? []
      : [
          statement({
            ...base,
            ...last,
            sql: `${alter} ALTER COLUMN ${name} SET NOT NULL`,
            purpose: `Make ${words} NOT NULL; the validated check spares the scan.`,
          }),
          statement({
            ...base,
            sql: `${alter} DROP CONSTRAINT ${constraint}`,
            purpose: `Drop the check that proved ${words} free of nulls.`,
          }),
        ]),
  ];
}
