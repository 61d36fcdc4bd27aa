/**
 * How a publication is made, dropped and altered (manual: CREATE PUBLICATION, ALTER PUBLICATION). All
 * of it is a change of catalogs and fast; what changes is what subscribers get, so that is the hazard.
 */
import { address } from '../../model/address.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { nameList, quoteName, quoteText } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard } from '../statements.ts';
import type { Publication } from './object.ts';

export function publicationName(publication: Pick<Publication, 'path'>): string {
  return quoteName(publication.path[0] ?? '');
}

type Option = 'operations' | 'viaPartitionRoot' | 'generatedColumns';

const optionSql: { readonly [Name in Option]: (publication: Publication) => string } = {
  operations: ({ attributes }) => `publish = ${quoteText(attributes.operations.join(', '))}`,
  viaPartitionRoot: ({ attributes }) => `publish_via_partition_root = ${attributes.viaPartitionRoot}`,
  generatedColumns: ({ attributes }) => `publish_generated_columns = ${attributes.generatedColumns ?? 'none'}`,
};

/** What is PostgreSQL's default is left out, as a person would. */
function createSql(publication: Publication): string {
  const { of, schemas, operations, viaPartitionRoot, generatedColumns } = publication.attributes;
  const options = [
    ...(operations.length === 4 ? [] : [optionSql.operations(publication)]),
    ...(viaPartitionRoot ? [optionSql.viaPartitionRoot(publication)] : []),
    ...(generatedColumns === undefined ? [] : [optionSql.generatedColumns(publication)]),
  ];
  return [
    `CREATE PUBLICATION ${publicationName(publication)}`,
    ...(of === 'all tables' ? ['FOR ALL TABLES'] : []),
    ...(schemas.length === 0 ? [] : [`FOR TABLES IN SCHEMA ${nameList(schemas)}`]),
    ...(options.length === 0 ? [] : [`WITH (${options.join(', ')})`]),
  ].join(' ');
}

export function createPublication(publication: Publication): readonly Statement[] {
  return [
    statement({
      sql: createSql(publication),
      purpose: `Create publication ${publication.path[0]}.`,
      subject: publication.id,
      needs: publication.dependsOn,
      makes: [publication.id],
      probe: `present ${publication.id}`,
      reverse: `DROP PUBLICATION ${publicationName(publication)}`,
    }),
  ];
}

export function dropPublication(publication: Publication, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(publication.id);
  const reason = comesBack
    ? 'subscribers get other changes from now on; subscriptions need ALTER SUBSCRIPTION … REFRESH PUBLICATION'
    : 'subscriptions to it stop with an error until they are told another';
  return [
    statement({
      sql: `DROP PUBLICATION ${publicationName(publication)}`,
      purpose: `Drop publication ${publication.path[0]}${comesBack ? ', to be made again' : ''}.`,
      subject: publication.id,
      destroys: [publication.id],
      hazards: [hazard('replication', publication.id, reason)],
      probe: `absent ${publication.id}`,
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

function alter(publication: Publication, action: string, purpose: string, reason: string, more: Partial<Statement> = {}): Statement {
  return statement({
    sql: `ALTER PUBLICATION ${publicationName(publication)} ${action}`,
    purpose,
    subject: publication.id,
    needs: [publication.id],
    hazards: [changed(publication, reason)],
    ...more,
  });
}

function changed(publication: Publication, reason: string): Hazard {
  return hazard('replication', publication.id, reason);
}

/** Schemas are added before others go, so that a table that moves from one to the other stays published. */
function alterSchemas(before: Publication, after: Publication): readonly Statement[] {
  const [old, now] = [before.attributes.schemas, after.attributes.schemas];
  const gone = old.filter((name) => !now.includes(name));
  const added = now.filter((name) => !old.includes(name));
  const words = `publication ${after.path[0]}`;
  const step = (verb: 'ADD' | 'DROP', names: readonly string[], purpose: string, reason: string): readonly Statement[] => {
    if (names.length === 0) return [];
    const action = (which: string): string => `${which} TABLES IN SCHEMA ${nameList(names)}`;
    const reverse = `ALTER PUBLICATION ${publicationName(after)} ${action(verb === 'ADD' ? 'DROP' : 'ADD')}`;
    const needs = [after.id, ...names.map((name) => address('schema', name))];
    return [alter(after, action(verb), purpose, reason, { needs, reverse })];
  };
  return [
    ...step('ADD', added, `Publish the tables of ${added.join(', ')} in ${words}.`, refreshFirst),
    ...step('DROP', gone, `Publish the tables of ${gone.join(', ')} in ${words} no more.`, 'subscribers get no changes of them any more'),
  ];
}

/** Why a table that is added does not reach subscribers by itself. */
export const refreshFirst = 'subscribers get nothing of it before ALTER SUBSCRIPTION … REFRESH PUBLICATION';

function alterOption(option: Option, reason: string): AttributeRules<Publication>[Option] {
  return {
    statements: (before, after) => [
      alter(after, `SET (${optionSql[option](after)})`, `Change what publication ${after.path[0]} publishes.`, reason, {
        reverse: `ALTER PUBLICATION ${publicationName(after)} SET (${optionSql[option](before)})`,
      }),
    ],
  };
}

export const publicationRules: AttributeRules<Publication> = {
  // PostgreSQL has no ALTER from FOR ALL TABLES to a list or back.
  of: { statements: 'replace' },
  schemas: { statements: alterSchemas },
  operations: alterOption('operations', 'subscribers get more or fewer kinds of changes from now on'),
  viaPartitionRoot: alterOption('viaPartitionRoot', 'subscribers get changes of partitions under other table names from now on'),
  generatedColumns: alterOption('generatedColumns', 'subscribers get more or fewer columns from now on'),
};

export function renamePublication(before: Publication, after: Publication): readonly Statement[] {
  const [old, now] = [publicationName(before), publicationName(after)];
  return [
    statement({
      sql: `ALTER PUBLICATION ${old} RENAME TO ${now}`,
      purpose: `Rename publication ${before.path[0]} to ${after.path[0]}.`,
      subject: after.id,
      hazards: [changed(after, `subscriptions to ${before.path[0]} stop with an error until they are told the new name`)],
      probe: `present ${after.id}`,
      reverse: `ALTER PUBLICATION ${now} RENAME TO ${old}`,
    }),
  ];
}
