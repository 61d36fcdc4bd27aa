/**
 * How a table that became partitioned takes in the one of before, in the transaction that exchanged
 * them: sequences go on where they were, and the old table is attached with all its rows, which
 * nobody reads. Nothing is made or dropped here.
 */
import { address, pathText } from '../../model/address.ts';
import { partsOf, type SchemaObject } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { attachFirst, firstPartitionMark, gridOf } from '../first-partition.ts';
import { hazard, lock, referencingTables, storageParameterChanges } from '../statements.ts';
import type { Table } from './object.ts';
import { asideOf, type Aside } from './set-aside.ts';

/** A sequence of an identity column belongs to it alone: the new one goes on, and the old one goes (a partition must bring none, 17). */
function goOn(column: SchemaObject, aside: Aside): readonly Statement[] {
  const [schema = '', , name = ''] = column.path;
  const sequence = column.facts?.['sequence'];
  if (typeof sequence !== 'string') return [];
  const table = qualifiedName(column.path.slice(0, 2));
  const old = qualifiedName([schema, aside.name(sequence)]);
  const needs = [column.id];
  return [
    statement({
      sql: `SELECT setval(pg_get_serial_sequence(${quoteText(table)}, ${quoteText(name)}), last_value, is_called) FROM ${old}`,
      purpose: `Go on counting ${pathText(column.path)} where it was.`,
      subject: column.id,
      needs,
    }),
    statement({
      sql: `ALTER TABLE ${qualifiedName(aside.path)} ALTER COLUMN ${quoteName(name)} DROP IDENTITY`,
      purpose: `Let the partitioned table alone count ${name}.`,
      subject: column.id,
      needs,
    }),
  ];
}

function giveSequences(table: Table, { before, after }: PlanContext): readonly Statement[] {
  return [...after.values()].flatMap((sequence) => {
    const owner = (sequence.attributes as { readonly ownedBy?: string }).ownedBy;
    const column = owner === undefined ? undefined : after.get(owner);
    if (owner === undefined || column?.partOf !== table.id || !before.has(sequence.id)) return [];
    return [
      statement({
        sql: `ALTER SEQUENCE ${qualifiedName(sequence.path)} OWNED BY ${qualifiedName(column.path)}`,
        purpose: `Let the sequence ${pathText(sequence.path)} belong to the partitioned table; it goes on where it was.`,
        subject: sequence.id,
        needs: [owner],
      }),
    ];
  });
}

/** All of the table but what is about rows and partitions to come, and remarks. */
function attachedAfter(table: Table, { after }: PlanContext): readonly string[] {
  const parts = partsOf(after, table.id).filter(
    ({ attributes }) => !('onRetire' in attributes) && !('bound' in attributes) && !('text' in attributes),
  );
  return parts.flatMap((part) => [
    part.id,
    ...partsOf(after, part.id)
      .filter(({ attributes }) => 'expression' in attributes)
      .map(({ id }) => id),
  ]);
}

function attach(table: Table, aside: Aside, context: PlanContext): Statement {
  const grid = gridOf(table.id, context.after);
  const before = context.before.get(table.id) as Table;
  const changes = storageParameterChanges(before.attributes.storageParameters, grid?.template ?? {});
  const template = changes.map((action) => `\n  ALTER TABLE ${qualifiedName(aside.path)} ${action};`).join('');
  const keys = partsOf(context.after, table.id).flatMap(({ attributes }) =>
    'references' in attributes ? [String(attributes.references)] : [],
  );
  return statement({
    sql: attachFirst(table, aside.path, aside.check, template),
    purpose: `Make the table of before, with all its rows, the first partition of ${pathText(table.path)}; the checked boundary spares reading them.`,
    subject: table.id,
    needs: [...attachedAfter(table, context), address('partition-support', 'schemac')],
    makes: [firstPartitionMark(table.path)],
    locks: [
      ...lock('AccessExclusiveLock', table.id, ...keys),
      ...lock('ShareRowExclusiveLock', ...referencingTables(table.id, context.after)),
    ],
    hazards: [...new Set(keys)].map((other) =>
      hazard('locks-other-table', other, 'reads and writes of the referenced table wait for a moment'),
    ),
  });
}

/** Nothing, where the table was not there before. */
export function takeInOld(table: Table, context: PlanContext): readonly Statement[] {
  const before = context.before.get(table.id) as Table | undefined;
  if (before === undefined || before.attributes.partitionBy !== undefined || table.attributes.partitionBy === undefined) return [];
  const aside = asideOf(before, context);
  const columns = partsOf(context.before, table.id).filter(({ kind }) => kind === 'column');
  return [...columns.flatMap((column) => goOn(column, aside)), ...giveSequences(table, context), attach(table, aside, context)];
}
