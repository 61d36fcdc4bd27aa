/** All that the compiler knows of views (manual: CREATE VIEW; rule book M25, M30). */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import { storageParametersOf, textOf } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { renameObject } from '../rename.ts';
import { hazard, lock, storageParameterChanges, withStorageParameters } from '../statements.ts';
import { describeView, onlyAppendsColumns, onlyLosesColumns, queryOf, viewFacts, viewIdentities, viewQuery } from '../view-sql.ts';
import { viewAuthor } from './author.ts';
import type { View } from './object.ts';

function createSql(view: View, verb: 'CREATE' | 'CREATE OR REPLACE'): string {
  return `${verb} VIEW ${qualifiedName(view.path)}${withStorageParameters(view.attributes.options)} AS\n${view.attributes.query}`;
}

function create(view: View): readonly Statement[] {
  return [
    statement({
      sql: createSql(view, 'CREATE'),
      purpose: `Create view ${pathText(view.path)}.`,
      subject: view.id,
      needs: view.dependsOn,
      makes: [view.id],
      probe: `present ${view.id}`,
      reverse: `DROP VIEW ${qualifiedName(view.path)}`,
    }),
  ];
}

/** A view that is made again in the same plan is no loss to the application. */
function drop(view: View, context: PlanContext): readonly Statement[] {
  const comesBack = context.after.has(view.id);
  return [
    statement({
      sql: `DROP VIEW ${qualifiedName(view.path)}`,
      purpose: `Drop view ${pathText(view.path)}${comesBack ? ', to be made again' : ''}.`,
      subject: view.id,
      destroys: [view.id],
      locks: lock('AccessExclusiveLock', view.id),
      hazards: comesBack ? [] : [hazard('application-order', view.id, 'no running version of the application may use the view any more')],
      probe: `absent ${view.id}`,
      reverse: createSql(view, 'CREATE'),
      phase: comesBack ? 'expand' : 'contract',
    }),
  ];
}

/** CREATE OR REPLACE keeps grants and what depends on the view, where the columns allow it. */
function alterQuery(before: View, after: View, context: PlanContext): readonly Statement[] {
  if (!onlyAppendsColumns(before, after)) {
    const atomic = `replace ${after.id}`;
    return [...drop(before, context), ...create(after)].map((step): Statement => ({ ...step, atomic }));
  }
  return [
    statement({
      sql: createSql(after, 'CREATE OR REPLACE'),
      purpose: `Change the query of view ${pathText(after.path)}.`,
      subject: after.id,
      // It also gives up what the old query used, so that it can be dropped afterwards.
      needs: [...after.dependsOn, ...before.dependsOn],
      makes: [after.id],
      locks: lock('AccessExclusiveLock', after.id),
      ...(onlyAppendsColumns(after, before) ? { reverse: createSql(before, 'CREATE OR REPLACE') } : {}),
    }),
  ];
}

/** CREATE OR REPLACE sets the options as well. */
function alterOptions(before: View, after: View): readonly Statement[] {
  if (before.attributes.query !== after.attributes.query) return [];
  return storageParameterChanges(before.attributes.options, after.attributes.options).map((action) =>
    statement({
      sql: `ALTER VIEW ${qualifiedName(after.path)} ${action}`,
      purpose: `Change options of view ${pathText(after.path)}.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('AccessExclusiveLock', after.id),
      hazards: [hazard('authorization', after.id, 'whose rights and which rows count may change')],
    }),
  );
}

export const viewKind: Kind<View> = {
  kind: 'view',
  introspect: {
    entries: { catalog: 'pg_class', where: `relkind = 'v'` },
    query: () => viewQuery('v'),
    read: (row) => {
      const path = [textOf(row, 'schema'), textOf(row, 'name')];
      return {
        object: {
          kind: 'view',
          id: address('view', ...path),
          path,
          attributes: { query: queryOf(row), options: storageParametersOf(row, 'options') },
          facts: viewFacts(row),
        },
        identities: viewIdentities(row),
      };
    },
  },
  create,
  drop,
  alter: {
    query: {
      statements: alterQuery,
      replaces: (before, after) => !onlyAppendsColumns(before, after),
      reshapes: (before, after) => (onlyLosesColumns(before, after) ? { rebuilds: [], phase: 'contract' } : undefined),
    },
    options: { statements: alterOptions },
  },
  rename: renameObject('VIEW', 'a relation'),
  describe: (view, context) => describeView(view, 'view', context),
  author: viewAuthor,
};
