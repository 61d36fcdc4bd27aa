/**
 * An enum whose labels are removed or stand in another order: PostgreSQL has no way to change them
 * (manual: ALTER TYPE), so the old type is put aside, one of the same name is made, columns are
 * converted by their text, and the old one goes. All in one transaction: it fails as a whole where a
 * row still has a label that is gone.
 */
import { pathText } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import type { SchemaObject } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { limitName } from '../../sql/names.ts';
import { qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import type { PlanContext, Reshaping } from '../contract.ts';
import { hazard } from '../statements.ts';
import type { Enum } from './object.ts';

/** What gives way to the change, and what is converted. Whatever else uses the type stands in its way. */
const remaking: Reshaping = {
  rebuilds: [
    'default',
    'check',
    'exclusion',
    'index',
    'view',
    'materialized-view',
    'function',
    'procedure',
    'aggregate',
    'trigger',
    'policy',
    'rule',
    'statistics',
    'publication-table',
  ],
  alters: { column: 'type' },
  remakes: true,
};

/** Old code writes the values that are taken away until the deploy; new code writes those that are added from it on. */
export function remakingOf(before: Enum, after: Enum): Reshaping {
  const adds = after.attributes.values.some((value) => !before.attributes.values.includes(value));
  const takes = before.attributes.values.some((value) => !after.attributes.values.includes(value));
  return takes && !adds ? { ...remaking, phase: 'contract' } : remaking;
}

export function remakeEnum(before: Enum, after: Enum, context: PlanContext): readonly Statement[] {
  const users = [...context.before.values()].filter((object) => object.dependsOn.includes(before.id) && context.after.has(object.id));
  refuseOthers(before, users);
  const aside = [after.path[0] ?? '', limitName(`${after.path[1] ?? ''}_old`)];
  const words = pathText(after.path);
  const gone = before.attributes.values.filter((value) => !after.attributes.values.includes(value));
  return [
    statement({
      sql: `ALTER TYPE ${qualifiedName(before.path)} RENAME TO ${quoteName(aside[1] ?? '')}`,
      purpose: `Put the old enum ${words} aside.`,
      subject: after.id,
    }),
    statement({
      sql: `CREATE TYPE ${qualifiedName(after.path)} AS ENUM (${after.attributes.values.map(quoteText).join(', ')})`,
      purpose: `Create enum ${words} anew${gone.length === 0 ? '' : `, without ${gone.join(', ')}`}.`,
      subject: after.id,
      makes: [after.id],
      hazards: [
        hazard('irreversible', after.id, 'the way back is to make the old type anew'),
        ...(gone.length === 0 ? [] : columnsOf(users).map((column) => failingRows(column, gone))),
      ],
      ...(gone.length === 0
        ? {}
        : {
            asks: columnsOf(users).map((column) => ({ table: column.partOf ?? '', expression: `(${hasLabel(column, gone)}) IS NOT TRUE` })),
          }),
    }),
    statement({
      sql: `DROP TYPE ${qualifiedName(aside)}`,
      purpose: `Drop the old enum ${words}, which nothing uses any more.`,
      subject: after.id,
      destroys: [after.id],
    }),
  ];
}

function refuseOthers(before: Enum, users: readonly SchemaObject[]): void {
  const handled = new Set([...remaking.rebuilds, ...Object.keys(remaking.alters ?? {})]);
  const other = users.find((user) => !handled.has(user.kind) && user.partOf !== before.id);
  if (other === undefined) return;
  fail(
    'enum-value-removed',
    `the values of ${pathText(before.path)} (${before.attributes.values.join(', ')}) cannot be removed or reordered: ${other.id} uses the type and cannot be converted`,
    {
      subject: before.id,
      hint: `keep the old values in their order and forbid one with a check, or let ${other.id} use another type first`,
    },
  );
}

/** Only a column holds values. */
function columnsOf(users: readonly SchemaObject[]): readonly SchemaObject[] {
  return users.filter((user) => remaking.alters?.[user.kind] !== undefined);
}

/** True of a row whose value in the column has one of the labels. */
function hasLabel(column: SchemaObject, labels: readonly string[]): string {
  const { type } = column.attributes as { readonly type: string };
  const [name, list] = [quoteName(column.path[2] ?? ''), `ARRAY[${labels.map(quoteText).join(', ')}]`];
  return type.endsWith('[]') ? `${name}::text[] && ${list}` : `${name}::text = ANY (${list})`;
}

function failingRows(column: SchemaObject, gone: readonly string[]): Hazard {
  const query = `SELECT * FROM ${qualifiedName(column.path.slice(0, 2))} WHERE ${hasLabel(column, gone)} LIMIT 20`;
  return hazard('data-dependent', column.id, `fails where a row has ${gone.join(' or ')}`, query);
}
