/** All that the compiler knows of exclusion constraints (manual: CREATE TABLE, EXCLUDE; rule book U5). */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import { columnNames, flagOf, numberOf, optional, optionalText, ourRelation, textOf, textsOf } from '../catalog.ts';
import { indexKeys, readIndexKeys } from '../index-keys.ts';
import { dropConstraint, renameConstraint } from '../constraint-sql.ts';
import type { CatalogRow, Kind, PlanContext } from '../contract.ts';
import type { Json } from '../../model/object.ts';
import { hazard, isSmall, lock, relationName, tableOf } from '../statements.ts';
import { exclusionAuthor } from './author.ts';
import { createdIndexRoles, indexRoleRules, indexRoles, readIndexRoles } from '../replica-identity.ts';
import type { Exclusion } from './object.ts';

function clause(exclusion: Exclusion): string {
  return `CONSTRAINT ${quoteName(exclusion.path[2] ?? '')} ${exclusion.attributes.definition}`;
}

/** There is no USING INDEX for it: on an old table its index is built while nobody can read or write. */
function create(exclusion: Exclusion, context: PlanContext): readonly Statement[] {
  const table = tableOf(exclusion);
  const isNew = context.isNew(table);
  const reason = 'its index is built while reads and writes wait; PostgreSQL has no other way for an exclusion constraint';
  return [
    statement({
      sql: `ALTER TABLE ${relationName(exclusion)} ADD ${clause(exclusion)}`,
      purpose: `Add exclusion constraint ${exclusion.path[2] ?? ''} to ${pathText(exclusion.path.slice(0, 2))}.`,
      subject: exclusion.id,
      needs: exclusion.dependsOn,
      makes: [exclusion.id],
      locks: lock('AccessExclusiveLock', table),
      scans: [table],
      hazards: isNew
        ? []
        : [
            ...(isSmall(table, context) ? [] : [hazard('blocks-reads', table, reason), hazard('index-build', exclusion.id, reason)]),
            hazard('data-dependent', exclusion.id, 'fails where two rows exclude each other'),
          ],
      probe: `valid ${exclusion.id}`,
      reverse: `ALTER TABLE ${relationName(exclusion)} DROP CONSTRAINT ${quoteName(exclusion.path[2] ?? '')}`,
      ...(isNew ? { fold: { into: table, clause: clause(exclusion), order: 25_000 } } : {}),
    }),
    ...createdIndexRoles(exclusion),
  ];
}

/** Two at a time would be built twice, so the old one goes first; in one transaction nobody sees the gap. */
function replace(before: Exclusion, after: Exclusion, context: PlanContext): readonly Statement[] {
  const atomic = `replace ${after.id}`;
  return [dropConstraint(before, clause(before)), ...create(after, context)].map((step): Statement => ({ ...step, atomic }));
}

/** An operator outside of pg_catalog is written with its schema (manual §4.1.3). */
const operators = `(
  SELECT json_agg(CASE WHEN on_schema.nspname = 'pg_catalog' THEN o.oprname
    ELSE 'OPERATOR(' || quote_ident(on_schema.nspname) || '.' || o.oprname || ')' END ORDER BY given.place)
  FROM unnest(k.conexclop) WITH ORDINALITY given(operator, place)
  JOIN pg_operator o ON o.oid = given.operator JOIN pg_namespace on_schema ON on_schema.oid = o.oprnamespace)`;

/** The definition in its parts, for what must not take its text apart. */
function partsOfRow(row: CatalogRow): Json {
  const operator = textsOf(row, 'operators');
  return {
    method: textOf(row, 'method'),
    elements: readIndexKeys(row).map((key, place) => ({ ...key, operator: operator[place] ?? '' })),
    include: textsOf(row, 'include'),
    where: optionalText(row, 'predicate') ?? null,
    deferral: flagOf(row, 'deferred') ? 'initially deferred' : flagOf(row, 'deferrable') ? 'deferrable' : 'not deferrable',
  };
}

export const exclusionKind: Kind<Exclusion> = {
  kind: 'exclusion',
  introspect: {
    entries: { catalog: 'pg_constraint', where: `contype = 'x'` },
    query: (context) => `
      SELECT k.oid::int8 AS oid, k.conindid::int8 AS index, k.conrelid::int8 AS relation, n.nspname AS schema, c.relname AS "table",
        k.conname AS name, pg_get_constraintdef(k.oid) AS definition, m.amname AS method, ${indexKeys} AS keys, ${operators} AS operators,
        ${columnNames('(i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1]', 'k.conrelid')} AS include,
        pg_get_expr(i.indpred, i.indrelid) AS predicate, k.condeferrable AS deferrable, k.condeferred AS deferred, ${indexRoles}
      FROM pg_constraint k
      JOIN pg_index i ON i.indexrelid = k.conindid JOIN pg_class x ON x.oid = k.conindid JOIN pg_am m ON m.oid = x.relam JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'x' AND k.conparentid = 0 AND ${ourRelation(context, `'r', 'p'`)}`,
    read: (row, context) => {
      const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
      return {
        object: {
          kind: 'exclusion',
          id: address('exclusion', ...path),
          path,
          ...optional('partOf', context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') })),
          attributes: { definition: textOf(row, 'definition'), ...readIndexRoles(row) },
          facts: { parts: partsOfRow(row) },
        },
        identities: [
          { catalog: 'pg_constraint', oid: numberOf(row, 'oid') },
          { catalog: 'pg_class', oid: numberOf(row, 'index') },
        ],
      };
    },
  },
  create,
  drop: (exclusion) => [dropConstraint(exclusion, clause(exclusion))],
  alter: { definition: { statements: 'replace' }, ...indexRoleRules },
  replace,
  rename: renameConstraint,
  namesFollow: true,
  hasIndexOfItsName: true,
  describe: (exclusion, context) => [
    {
      node: 'key',
      id: exclusion.id,
      table: tableOf(exclusion),
      name: exclusion.path[2] ?? '',
      form: 'exclusion',
      method: /USING ([a-z_]+)/.exec(exclusion.attributes.definition)?.[1] ?? 'gist',
      on: [{ text: exclusion.attributes.definition }],
      include: [],
      definition: exclusion.attributes.definition,
      ...optional('doc', context.annotation(exclusion.id).doc),
    },
  ],
  author: exclusionAuthor,
};
