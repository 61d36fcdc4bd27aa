/** All that the compiler knows of check constraints (manual §5.5.1; rule book K1, K2, K4). */
import { address, pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { quoteName } from '../../sql/quote.ts';
import { columnNames, flagOf, numberOf, optional, ourRelation, textOf } from '../catalog.ts';
import { dropConstraint, renameConstraint, validateConstraint } from '../constraint-sql.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { becomesInherited, wasInherited } from '../inheritance.ts';
import { hazard, isSmall, lock, relationName, tableOf } from '../statements.ts';
import { checkAuthor } from './author.ts';
import type { Check } from './object.ts';

function clause(check: Check, name: string): string {
  return `CONSTRAINT ${quoteName(name)} CHECK (${sourceOf(check, 'expression')})${check.attributes.noInherit ? ' NO INHERIT' : ''}${check.attributes.enforced === false ? ' NOT ENFORCED' : ''}`;
}

function failingRows(check: Check): ReturnType<typeof hazard> {
  const query = `SELECT * FROM ${relationName(check)} WHERE NOT (${sourceOf(check, 'expression')}) LIMIT 20`;
  return hazard('data-dependent', check.id, 'fails where a row does not satisfy the check', query);
}

/** What is not enforced is not valid either, and PostgreSQL takes no word for it. */
function isLeftUnchecked({ attributes }: Check): boolean {
  return !attributes.validated && attributes.enforced !== false;
}

function addNotValid(check: Check, name: string): Statement {
  return statement({
    sql: `ALTER TABLE ${relationName(check)} ADD ${clause(check, name)}${check.attributes.enforced === false ? '' : ' NOT VALID'}`,
    purpose: `Add check ${name} to ${pathText(check.path.slice(0, 2))} for new rows.`,
    subject: check.id,
    needs: check.dependsOn,
    locks: lock('AccessExclusiveLock', tableOf(check)),
    probe: `present check ${pathText([...check.path.slice(0, 2), name])}`,
    reverse: `ALTER TABLE ${relationName(check)} DROP CONSTRAINT ${quoteName(name)}`,
  });
}

function create(check: Check, context: PlanContext): readonly Statement[] {
  if (wasInherited(check, context)) return [];
  const name = check.path[2] ?? '';
  const table = tableOf(check);
  if (context.isNew(table) || isSmall(table, context)) {
    const isNew = context.isNew(table);
    return [
      statement({
        sql: `ALTER TABLE ${relationName(check)} ADD ${clause(check, name)}${isLeftUnchecked(check) ? ' NOT VALID' : ''}`,
        purpose: `Add check ${name} to ${pathText(check.path.slice(0, 2))}.`,
        subject: check.id,
        needs: check.dependsOn,
        makes: [check.id],
        locks: lock('AccessExclusiveLock', table),
        scans: [table],
        hazards: isNew ? [] : [failingRows(check)],
        reverse: `ALTER TABLE ${relationName(check)} DROP CONSTRAINT ${quoteName(name)}`,
        ...(isNew && !isLeftUnchecked(check) ? { fold: { into: table, clause: clause(check, name), order: 30_000 } } : {}),
      }),
    ];
  }
  if (!check.attributes.validated) return [{ ...addNotValid(check, name), makes: [check.id] }];
  return [addNotValid(check, name), validateConstraint(check, name, [failingRows(check)])];
}

/** The new check stands beside the old one until it is valid: at no moment is there none (rule book K4). */
function replace(before: Check, after: Check, context: PlanContext): readonly Statement[] {
  if (isSmall(tableOf(after), context)) return [dropConstraint(before, clause(before, before.path[2] ?? '')), ...create(after, context)];
  const name = after.path[2] ?? '';
  const temporary = constraintName(after.path[2] ?? '', [], 'new');
  const atomic = `swap ${after.id}`;
  const validate: Statement = {
    ...validateConstraint(after, temporary, [failingRows(after)]),
    makes: [],
    probe: `valid check ${pathText([...after.path.slice(0, 2), temporary])}`,
  };
  return [
    addNotValid(after, temporary),
    ...(after.attributes.validated ? [validate] : []),
    { ...dropConstraint(before, clause(before, name)), atomic },
    statement({
      sql: `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(temporary)} TO ${quoteName(name)}`,
      purpose: `Give the new check its name, ${name}.`,
      subject: after.id,
      makes: [after.id],
      locks: lock('AccessExclusiveLock', tableOf(after)),
      reverse: `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(name)} TO ${quoteName(temporary)}`,
      atomic,
    }),
  ];
}

export const checkKind: Kind<Check> = {
  kind: 'check',
  introspect: {
    query: (context) => `
      SELECT k.oid::int8 AS oid, k.conrelid::int8 AS relation, n.nspname AS schema, c.relname AS "table", k.conname AS name,
        pg_get_expr(k.conbin, k.conrelid) AS expression, k.connoinherit AS no_inherit, k.convalidated AS validated,
        ${context.major >= 18 ? 'k.conenforced' : 'true'} AS enforced,
        ${columnNames('k.conkey', 'k.conrelid')} AS columns
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'c' AND k.conislocal AND k.coninhcount = 0 AND ${ourRelation(context, `'r', 'p'`)}`,
    read: (row, context) => {
      const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
      return {
        object: {
          kind: 'check',
          id: address('check', ...path),
          path,
          ...optional('partOf', context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') })),
          attributes: {
            expression: textOf(row, 'expression'),
            noInherit: flagOf(row, 'no_inherit'),
            validated: flagOf(row, 'validated'),
            ...(flagOf(row, 'enforced') ? {} : { enforced: false as const }),
          },
          facts: { columns: row['columns'] as readonly string[] },
        },
        identities: [{ catalog: 'pg_constraint', oid: numberOf(row, 'oid') }],
      };
    },
  },
  create,
  drop: (check, context) => (becomesInherited(check, context) ? [] : [dropConstraint(check, clause(check, check.path[2] ?? ''))]),
  alter: {
    expression: { statements: 'replace' },
    noInherit: { statements: 'replace' },
    // ALTER CONSTRAINT does it for foreign keys only (18).
    enforced: { statements: 'replace' },
    validated: {
      // PostgreSQL takes no validation back.
      replaces: (before, after) => before.attributes.validated && !after.attributes.validated,
      statements: (_before, after) =>
        after.attributes.validated ? [validateConstraint(after, after.path[2] ?? '', [failingRows(after)])] : [],
    },
  },
  replace,
  rename: renameConstraint,
  namesFollow: true,
  condition: (check) => (check.attributes.enforced === false ? undefined : sourceOf(check, 'expression')),
  describe: (check, context) => [
    {
      node: 'note',
      id: check.id,
      table: tableOf(check),
      title: 'check',
      name: check.path[2] ?? '',
      definition: check.attributes.expression,
      ...optional('doc', context.annotation(check.id).doc),
    },
  ],
  author: checkAuthor,
};
