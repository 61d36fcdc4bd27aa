/**
 * All that the compiler knows of extensions (manual §38.17). What an extension owns is named by its
 * own catalog entries here, so that a column of its type depends on the extension.
 */
import { address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName, quoteText } from '../../sql/quote.ts';
import { flagOf, numberOf, optional, optionalText, textOf } from '../catalog.ts';
import type { CatalogIdentity, Kind, PlanContext } from '../contract.ts';
import { hazard } from '../statements.ts';
import { extensionAuthor } from './author.ts';
import type { Extension } from './object.ts';

/** Members by pg_depend (deptype e), and the array types of its types, which are no members themselves. */
const members = `(
  SELECT json_agg(json_build_array(member.catalog, member.oid)) FROM (
    SELECT d.classid::regclass::text AS catalog, d.objid::int8 AS oid
      FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    UNION ALL
    SELECT 'pg_type', t.typarray::int8
      FROM pg_depend d JOIN pg_type t ON t.oid = d.objid AND d.classid = 'pg_type'::regclass
      WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND t.typarray <> 0
  ) member)`;

function createSql({ path, attributes }: Extension): string {
  const version = attributes.version === undefined ? '' : ` VERSION ${quoteText(attributes.version).trim()}`;
  return `CREATE EXTENSION ${quoteName(path[0] ?? '')} WITH SCHEMA ${quoteName(attributes.schema)}${version}`;
}

function create(extension: Extension): readonly Statement[] {
  return [
    statement({
      sql: createSql(extension),
      purpose: `Create extension ${extension.path[0] ?? ''}.`,
      subject: extension.id,
      needs: extension.dependsOn,
      makes: [extension.id],
      probe: `present ${extension.id}`,
      reverse: `DROP EXTENSION ${quoteName(extension.path[0] ?? '')}`,
    }),
  ];
}

function drop(extension: Extension, context: PlanContext): readonly Statement[] {
  return [
    statement({
      sql: `DROP EXTENSION ${quoteName(extension.path[0] ?? '')}`,
      purpose: `Drop extension ${extension.path[0] ?? ''}.`,
      subject: extension.id,
      destroys: [extension.id],
      probe: `absent ${extension.id}`,
      reverse: createSql(extension),
      phase: context.after.has(extension.id) ? 'expand' : 'contract',
    }),
  ];
}

function update(_before: Extension, after: Extension): readonly Statement[] {
  const { version } = after.attributes;
  return [
    statement({
      sql: `ALTER EXTENSION ${quoteName(after.path[0] ?? '')} UPDATE${version === undefined ? '' : ` TO ${quoteText(version).trim()}`}`,
      purpose: `Update extension ${after.path[0] ?? ''} to ${version ?? `the server's version`}.`,
      subject: after.id,
      needs: [after.id],
      hazards: [hazard('irreversible', after.id, `most extensions have no way back to an older version`)],
    }),
  ];
}

function move(before: Extension, after: Extension): readonly Statement[] {
  if (before.facts?.['relocatable'] === false) {
    fail(
      'extension-moved',
      `extension ${after.path[0] ?? ''} cannot move from schema ${before.attributes.schema} to ${after.attributes.schema}: it is not relocatable`,
      {
        subject: after.id,
        hint: `leave it in schema ${before.attributes.schema}`,
      },
    );
  }
  const set = (to: Extension): string => `ALTER EXTENSION ${quoteName(to.path[0] ?? '')} SET SCHEMA ${quoteName(to.attributes.schema)}`;
  return [
    statement({
      sql: set(after),
      purpose: `Move extension ${after.path[0] ?? ''} to schema ${after.attributes.schema}.`,
      subject: after.id,
      needs: after.dependsOn,
      hazards: [
        hazard('backward-compatibility', after.id, `running code that finds it in schema ${before.attributes.schema} fails from now on`),
      ],
      reverse: set(before),
    }),
  ];
}

export const extensionKind: Kind<Extension> = {
  kind: 'extension',
  introspect: {
    query: () => `
      SELECT e.oid::int8 AS oid, e.extname AS name, n.nspname AS schema, e.extrelocatable AS relocatable, e.extversion AS installed,
        CASE WHEN e.extversion IS DISTINCT FROM v.default_version THEN e.extversion END AS version, ${members} AS members
      FROM pg_extension e
      JOIN pg_namespace n ON n.oid = e.extnamespace
      LEFT JOIN pg_available_extensions v ON v.name = e.extname
      WHERE e.extname <> 'plpgsql'`,
    read: (row) => {
      const name = textOf(row, 'name');
      const entries = (row['members'] ?? []) as readonly (readonly [string, number])[];
      return {
        object: {
          kind: 'extension',
          id: address('extension', name),
          path: [name],
          attributes: { schema: textOf(row, 'schema'), ...optional('version', optionalText(row, 'version')) },
          facts: { relocatable: flagOf(row, 'relocatable'), installed: textOf(row, 'installed') },
        },
        identities: [
          { catalog: 'pg_extension', oid: numberOf(row, 'oid') },
          ...entries.map(([catalog, oid]): CatalogIdentity => ({ catalog, oid })),
        ],
      };
    },
  },
  create,
  drop,
  alter: { schema: { statements: move }, version: { statements: update } },
  describe: () => [],
  comesFirst: true,
  requires: (extension) => [`extension ${extension.path[0] ?? ''}`],
  author: extensionAuthor,
};
