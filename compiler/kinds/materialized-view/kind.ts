/**
 * All that the compiler knows of materialized views (manual: CREATE MATERIALIZED VIEW; rule book M26).
 * Over old tables it is made empty in a fast step and filled in a long one, which blocks nobody.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import { textOf } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { readRelationSettings, readStorageParameters, relationSettingRules, tablespaceClause, usingClause } from '../relation-settings.ts';
import { renameObject } from '../rename.ts';
import { hazard, lock, storageParameterChanges, withStorageParameters } from '../statements.ts';
import { describeView, queryOf, viewFacts, viewIdentities, viewQuery } from '../view-sql.ts';
import { materializedViewAuthor } from './author.ts';
import type { MaterializedView } from './object.ts';

function createSql(view: MaterializedView): string {
  const { query, storageParameters } = view.attributes;
  const tail = `${usingClause(view.attributes)}${withStorageParameters(storageParameters)}${tablespaceClause(view.attributes)}`;
  return `CREATE MATERIALIZED VIEW ${qualifiedName(view.path)}${tail} AS\n${query}`;
}

/** Until it is filled, a query on it is an error (55000), which matters where it was there before. */
function refresh(view: MaterializedView, context: PlanContext): Statement {
  const wasThere = context.before.has(view.id);
  return statement({
    sql: `REFRESH MATERIALIZED VIEW ${qualifiedName(view.path)}`,
    purpose: `Fill materialized view ${pathText(view.path)}; the tables that it reads stay in use.`,
    subject: view.id,
    step: 'validate',
    needs: [view.id],
    locks: lock('AccessExclusiveLock', view.id),
    hazards: [
      hazard('long-scan', view.id, 'runs its whole query'),
      ...(wasThere
        ? [hazard('blocks-reads', view.id, 'the materialized view cannot be read from its new beginning until it is filled')]
        : []),
    ],
  });
}

function create(view: MaterializedView, context: PlanContext): readonly Statement[] {
  const readsOld = view.dependsOn.some((id) => !context.isNew(id));
  return [
    statement({
      sql: `${createSql(view)}${readsOld ? '\nWITH NO DATA' : ''}`,
      purpose: `Create materialized view ${pathText(view.path)}${readsOld ? ', still empty' : ''}.`,
      subject: view.id,
      needs: view.dependsOn,
      makes: [view.id],
      probe: `present ${view.id}`,
      reverse: `DROP MATERIALIZED VIEW ${qualifiedName(view.path)}`,
    }),
    ...(readsOld ? [refresh(view, context)] : []),
  ];
}

function drop(view: MaterializedView, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(view.id);
  return [
    statement({
      sql: `DROP MATERIALIZED VIEW ${qualifiedName(view.path)}`,
      purpose: `Drop materialized view ${pathText(view.path)}${comesBack ? ', to be made again' : ''}.`,
      subject: view.id,
      destroys: [view.id],
      locks: lock('AccessExclusiveLock', view.id),
      hazards: comesBack ? [] : [hazard('application-order', view.id, 'no running version of the application may use the view any more')],
      probe: `absent ${view.id}`,
      reverse: createSql(view),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

export const materializedViewKind: Kind<MaterializedView> = {
  kind: 'materialized-view',
  introspect: {
    entries: { catalog: 'pg_class', where: `relkind = 'm'` },
    query: () => viewQuery('m'),
    read: (row) => {
      const path = [textOf(row, 'schema'), textOf(row, 'name')];
      return {
        object: {
          kind: 'materialized-view',
          id: address('materialized-view', ...path),
          path,
          attributes: { query: queryOf(row), storageParameters: readStorageParameters(row), ...readRelationSettings(row) },
          facts: viewFacts(row),
        },
        identities: viewIdentities(row),
      };
    },
  },
  create,
  drop,
  alter: {
    query: { statements: 'replace' },
    ...relationSettingRules('MATERIALIZED VIEW'),
    storageParameters: {
      statements: (before, after) =>
        storageParameterChanges(before.attributes.storageParameters, after.attributes.storageParameters).map((action) =>
          statement({
            sql: `ALTER MATERIALIZED VIEW ${qualifiedName(after.path)} ${action}`,
            purpose: `Change storage parameters of ${pathText(after.path)}.`,
            subject: after.id,
            needs: [after.id],
            locks: lock('ShareUpdateExclusiveLock', after.id),
          }),
        ),
    },
  },
  rename: renameObject('MATERIALIZED VIEW', 'a relation'),
  describe: (view, context) => describeView(view, 'materialized view', context),
  author: materializedViewAuthor,
};
