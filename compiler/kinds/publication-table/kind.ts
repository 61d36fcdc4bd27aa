/**
 * All that the compiler knows of tables in publications (manual §29.2 to §29.5). Another list of
 * columns or another filter is a drop and an add in one transaction: ALTER PUBLICATION … SET TABLE
 * would have to name every other table too. ONLY leaves out children, which are listed themselves.
 */
import { address, pathText, type Address } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { nameList, qualifiedName, quoteName } from '../../sql/quote.ts';
import { optional } from '../catalog.ts';
import type { DescribeContext, Kind, PlanContext } from '../contract.ts';
import { hazard, lock, tableOf } from '../statements.ts';
import { publicationTableAuthor } from './author.ts';
import { introspectPublicationTables } from './introspect.ts';
import type { PublicationTable } from './object.ts';

/** The table, or the partition that is listed by itself. */
function relationOf(entry: PublicationTable): Address {
  const isRelation = (id: Address): boolean => /^(?:table|partition) /.test(id);
  return entry.dependsOn.find(isRelation) ?? address('table', ...entry.path.slice(1));
}

function selection(entry: PublicationTable): string {
  const { columns } = entry.attributes;
  const where = sourceOf(entry, 'where');
  return `${columns === undefined ? '' : ` (${nameList(columns)})`}${where === undefined ? '' : ` WHERE (${where})`}`;
}

function addSql(entry: PublicationTable): string {
  return `ALTER PUBLICATION ${quoteName(entry.path[0] ?? '')} ADD TABLE ONLY ${qualifiedName(entry.path.slice(1))}${selection(entry)}`;
}

function dropSql(entry: PublicationTable): string {
  return `ALTER PUBLICATION ${quoteName(entry.path[0] ?? '')} DROP TABLE ONLY ${qualifiedName(entry.path.slice(1))}`;
}

function create(entry: PublicationTable, context: PlanContext): readonly Statement[] {
  const wasThere = context.before.has(entry.id);
  const publication = tableOf(entry);
  const reason = wasThere
    ? 'subscribers get other rows, columns or types from now on; rows that they hold stay as they are'
    : 'subscribers get nothing of it before ALTER SUBSCRIPTION … REFRESH PUBLICATION';
  return [
    statement({
      sql: addSql(entry),
      purpose: `Publish ${pathText(entry.path.slice(1))} in ${entry.path[0]}.`,
      subject: entry.id,
      needs: entry.dependsOn,
      makes: [entry.id],
      locks: lock('ShareUpdateExclusiveLock', relationOf(entry)),
      // A publication that is new has no subscriber.
      hazards: context.isNew(publication) ? [] : [hazard('replication', entry.id, reason)],
      probe: `present ${entry.id}`,
      reverse: dropSql(entry),
    }),
  ];
}

function drop(entry: PublicationTable, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(entry.id);
  return [
    statement({
      sql: dropSql(entry),
      purpose: `Take ${pathText(entry.path.slice(1))} out of publication ${entry.path[0]}${comesBack ? ', to be put in anew' : ''}.`,
      subject: entry.id,
      destroys: [entry.id],
      locks: lock('ShareUpdateExclusiveLock', relationOf(entry)),
      hazards: comesBack ? [] : [hazard('replication', entry.id, 'subscribers get no changes of it any more')],
      probe: `absent ${entry.id}`,
      reverse: addSql(entry),
    }),
  ];
}

/** It stands with its table, and says what the publication is for. */
function describe(entry: PublicationTable, context: DescribeContext) {
  const { columns } = entry.attributes;
  const where = sourceOf(entry, 'where');
  const definition = [columns === undefined ? 'all columns' : columns.join(', '), ...(where === undefined ? [] : [`rows where ${where}`])];
  return [
    {
      node: 'note' as const,
      id: entry.id,
      table: relationOf(entry),
      title: 'publication',
      name: entry.path[0] ?? '',
      definition: definition.join('; '),
      ...optional('doc', context.annotation(tableOf(entry)).doc),
    },
  ];
}

export const publicationTableKind: Kind<PublicationTable> = {
  kind: 'publication-table',
  introspect: introspectPublicationTables,
  create,
  drop,
  alter: { columns: { statements: 'replace' }, where: { statements: 'replace' } },
  author: publicationTableAuthor,
  describe,
};
