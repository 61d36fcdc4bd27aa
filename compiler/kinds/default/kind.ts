/**
 * How a column's default is read, set, dropped and described (pg_attrdef; manual: ALTER TABLE).
 * It is an object of its own so that it can depend on what the column itself does not: a sequence
 * that the column owns, a function that reads the table.
 */
import { address, pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { notManaged, notOfExtension, numberOf, ourSchema, textOf } from '../catalog.ts';
import type { Kind } from '../contract.ts';
import { lock } from '../statements.ts';
import { defaultAuthor } from './author.ts';
import type { Default } from './object.ts';

/**
 * `facts.volatility` is read from the functions that the stored expression tree calls, never from
 * its text: i, s or v as in pg_proc.provolatile. A volatile default rewrites the table when it comes
 * with a new column (rule book C4).
 */
const volatility = `(
  SELECT greatest(max(p.provolatile::text), CASE WHEN d.adbin::text LIKE '%SQLVALUEFUNCTION%' THEN 's' ELSE 'i' END)
  FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\\d+)', 'g') called JOIN pg_proc p ON p.oid = called[1]::oid)`;

function columnOf(object: Default): string {
  return address('column', ...object.path);
}

function tableOf(object: Default): string {
  return address('table', ...object.path.slice(0, 2));
}

function alterColumn(object: Default, action: string): string {
  return `ALTER TABLE ${qualifiedName(object.path.slice(0, 2))} ALTER COLUMN ${quoteName(object.path[2] ?? '')} ${action}`;
}

function set(object: Default, reverse: string): readonly Statement[] {
  return [
    statement({
      sql: alterColumn(object, `SET DEFAULT ${sourceOf(object, 'expression')}`),
      purpose: `Give ${pathText(object.path)} its default.`,
      subject: object.id,
      needs: object.dependsOn,
      makes: [object.id],
      locks: lock('AccessExclusiveLock', tableOf(object)),
      reverse,
    }),
  ];
}

/** With a new column of an old table a volatile default does not fold: it would rewrite the table. */
export const defaultKind: Kind<Default> = {
  kind: 'default',
  introspect: {
    query: (context) => `
      SELECT d.oid::int8 AS oid, n.nspname AS schema, c.relname AS "table", a.attname AS name,
        pg_get_expr(d.adbin, d.adrelid) AS expression, coalesce(${volatility}, 'i') AS volatility
      FROM pg_attrdef d
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
      JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}`,
    read: (row) => {
      const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
      return {
        object: {
          kind: 'default',
          id: address('default', ...path),
          path,
          partOf: address('column', ...path),
          attributes: { expression: textOf(row, 'expression') },
          facts: { volatility: textOf(row, 'volatility') },
        },
        identities: [{ catalog: 'pg_attrdef', oid: numberOf(row, 'oid') }],
      };
    },
  },
  create: (object, context) => {
    const folds = context.isNew(tableOf(object)) || (context.isNew(columnOf(object)) && object.facts?.['volatility'] !== 'v');
    return set(object, alterColumn(object, 'DROP DEFAULT')).map((step) =>
      folds ? { ...step, fold: { into: columnOf(object), clause: `DEFAULT ${sourceOf(object, 'expression')}`, order: 0 } } : step,
    );
  },
  drop: (object) => [
    statement({
      sql: alterColumn(object, 'DROP DEFAULT'),
      purpose: `Take the default of ${pathText(object.path)} away.`,
      subject: object.id,
      destroys: [object.id],
      locks: lock('AccessExclusiveLock', tableOf(object)),
      reverse: alterColumn(object, `SET DEFAULT ${sourceOf(object, 'expression')}`),
    }),
  ],
  alter: {
    expression: { statements: (before, after) => set(after, alterColumn(before, `SET DEFAULT ${sourceOf(before, 'expression')}`)) },
  },
  describe: () => [],
  author: defaultAuthor,
};
