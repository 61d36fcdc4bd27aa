/** A published table whose rows cannot be told apart refuses updates and deletes. */
import { isPublication, isPublicationTable, isTable } from '../../kinds/guards.ts';
import type { Publication } from '../../kinds/publication/object.ts';
import type { PublicationTable } from '../../kinds/publication-table/object.ts';
import { parseAddress, pathText, type Address } from '../../model/address.ts';
import { partsOf, type State } from '../../model/object.ts';
import type { Finding, LintContext, LintRule } from '../rule.ts';
import { primaryKeyOf, tableAt } from '../tables.ts';

function publishesChanges({ attributes }: Publication): boolean {
  return attributes.operations.includes('update') || attributes.operations.includes('delete');
}

/** The tables that a publication has without listing them: all, or those of its schemas. */
function wholeTables(publication: Publication, state: State): readonly Address[] {
  const { of, schemas } = publication.attributes;
  return [...state.values()]
    .filter(isTable)
    .filter(({ path }) => of === 'all tables' || schemas.includes(path[0] ?? ''))
    .map(({ id }) => id);
}

function withoutKey(table: Address, publication: Publication, subject: Address, { state }: LintContext): readonly Finding[] {
  if (tableAt(table, state) === undefined || primaryKeyOf(table, state) !== undefined) return [];
  return [
    {
      subject,
      near: [table, publication.id],
      message: `publication ${publication.path[0]} publishes updates or deletes of ${pathText(parseAddress(table)?.path ?? [])}, which has no primary key, so PostgreSQL refuses them`,
      hint: "declare a primary key, or publish inserts alone: operations: ['insert', 'truncate']",
    },
  ];
}

/** What a list of columns leaves out of the key, or a filter asks beyond it. */
function beyondKey(entry: PublicationTable, table: Address, { state }: LintContext): readonly Finding[] {
  const key = primaryKeyOf(table, state)?.attributes.columns;
  const { columns, where } = entry.attributes;
  if (key === undefined) return [];
  const missing = columns === undefined ? [] : key.filter((name) => !columns.includes(name));
  // With a list as well, what the filter names cannot be told from what the list names.
  const named = where === undefined || columns !== undefined ? [] : entry.dependsOn.flatMap((id) => parseAddress(id)?.path[2] ?? []);
  const outside = named.filter(
    (name, place) => entry.dependsOn.includes(columnId(table, name)) && named.indexOf(name) === place && !key.includes(name),
  );
  const words = [
    ...(missing.length === 0 ? [] : [`leaves out ${missing.join(', ')} of its primary key`]),
    ...(outside.length === 0 ? [] : [`filters by ${outside.join(', ')}, which its primary key does not have`]),
  ];
  return words.map((what) => ({
    subject: entry.id,
    near: [table],
    message: `what publication ${entry.path[0]} publishes of ${pathText(entry.path.slice(1))} ${what}, so PostgreSQL refuses updates and deletes of the table`,
    hint: "keep to the columns of the primary key, or publish inserts alone: operations: ['insert', 'truncate']",
  }));
}

function columnId(table: Address, name: string): Address {
  return `column ${pathText([...(parseAddress(table)?.path ?? []), name])}`;
}

function findingsOf(publication: Publication, context: LintContext): readonly Finding[] {
  const listed = partsOf(context.state, publication.id).filter(isPublicationTable);
  return [
    ...listed.flatMap((entry) => {
      const table = `table ${pathText(entry.path.slice(1))}`;
      return [...withoutKey(table, publication, entry.id, context), ...beyondKey(entry, table, context)];
    }),
    ...wholeTables(publication, context.state).flatMap((table) => withoutKey(table, publication, publication.id, context)),
  ];
}

export const publicationWithoutIdentity: LintRule = {
  code: 'publication-without-identity',
  severity: 'warning',
  about: 'schema',
  title: 'A publication publishes updates or deletes of a table whose rows it cannot identify.',
  explanation: [
    'A subscriber finds the row to change by the replica identity of the table, which is its primary key unless said otherwise',
    '(manual §29.1.1). From the moment at which such a publication exists, PostgreSQL refuses every UPDATE and DELETE on a table',
    'without one (55000), so the application fails, not the replication. The same holds where a list of columns leaves out a',
    'column of the key, or a row filter asks for one beyond it (manual §29.4, §29.5).',
  ].join(' '),
  example: "publication('digests_feed', { tables: [digestClicks], operations: ['insert', 'truncate'], doc: 'Clicks, for the warehouse.' })",
  check: (context) =>
    context.managed
      .filter(isPublication)
      .filter(publishesChanges)
      .flatMap((each) => findingsOf(each, context)),
};
