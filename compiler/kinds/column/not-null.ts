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

type NotNullForm = NonNullable<Column['attributes']['notNull']>;

function constraintOf(column: Column): string {
  const name = column.facts?.['notNull'];
  return quoteName(typeof name === 'string' ? name : constraintName(column.path[1] ?? '', [column.path[2] ?? ''], 'not_null'));
}

function alterTable(column: Column, action: string): string {
  return `ALTER TABLE ${qualifiedName(column.path.slice(0, 2))} ${action}`;
}

/** NOT NULL as a constraint that is not validated, or stays with its table (18; manual: ALTER TABLE, ADD table_constraint). */
export function addNotNullForm(column: Column, form: NotNullForm): Statement {
  const words = `${form.noInherit ? ' NO INHERIT' : ''}${form.validated ? '' : ' NOT VALID'}`;
  return statement({
    sql: alterTable(column, `ADD CONSTRAINT ${constraintOf(column)} NOT NULL ${quoteName(column.path[2] ?? '')}${words}`),
    purpose: `Refuse new nulls in ${pathText(column.path)}${form.validated ? '' : '; existing rows are not looked at'}.`,
    subject: column.id,
    needs: [column.id],
    makes: [notNullMark(column.path)],
    locks: lock('AccessExclusiveLock', address('table', ...column.path.slice(0, 2))),
    scans: form.validated ? [address('table', ...column.path.slice(0, 2))] : [],
    reverse: alterTable(column, `DROP CONSTRAINT ${constraintOf(column)}`),
  });
}

const usual: NotNullForm = { validated: true, noInherit: false };

/** Of a column that was NOT NULL and stays so. What was validated cannot be made not so but by making it anew. */
export function alterNotNullForm(before: Column, after: Column): readonly Statement[] {
  if (before.attributes.nullable !== after.attributes.nullable) return [];
  const [was, now] = [before.attributes.notNull ?? usual, after.attributes.notNull ?? usual];
  const table = address('table', ...after.path.slice(0, 2));
  const base = { subject: after.id, needs: [after.id] };
  if (was.validated && !now.validated) {
    const drop = statement({
      ...base,
      sql: alterTable(after, `DROP CONSTRAINT ${constraintOf(before)}`),
      purpose: `Drop the NOT NULL of ${pathText(after.path)}, to be made anew.`,
      locks: lock('AccessExclusiveLock', table),
    });
    return [drop, addNotNullForm(after, now)].map((step): Statement => ({ ...step, atomic: `not null of ${after.id}` }));
  }
  return [
    ...(was.noInherit === now.noInherit
      ? []
      : [
          statement({
            ...base,
            sql: alterTable(after, `ALTER CONSTRAINT ${constraintOf(before)} ${now.noInherit ? 'NO INHERIT' : 'INHERIT'}`),
            purpose: `Let children of the table ${now.noInherit ? 'not ' : ''}take the NOT NULL of ${pathText(after.path)} over.`,
            locks: lock('AccessExclusiveLock', table),
          }),
        ]),
    ...(was.validated === now.validated
      ? []
      : [
          statement({
            ...base,
            step: 'validate',
            sql: alterTable(after, `VALIDATE CONSTRAINT ${constraintOf(before)}`),
            purpose: `Check existing rows of ${pathText(after.path)}; reads and writes go on.`,
            locks: lock('ShareUpdateExclusiveLock', table),
            scans: [table],
            hazards: [
              hazard(
                'data-dependent',
                after.id,
                'fails where the column is null',
                `SELECT * FROM ${qualifiedName(after.path.slice(0, 2))} WHERE ${quoteName(after.path[2] ?? '')} IS NULL LIMIT 20`,
              ),
            ],
          }),
        ]),
  ];
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
