/**
 * How a column's default is read, set, dropped and described (pg_attrdef; manual: ALTER TABLE).
 * It is an object of its own so that it can depend on what the column itself does not: a sequence
 * that the column owns, a function that reads the table.
 */
import { address, parseAddress, pathText, type Address } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import { flagOf, notManaged, notOfExtension, numberOf, ourSchema, textOf } from '../catalog.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { formerColumn } from '../former-column.ts';
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

/** What a partition or a child has from its parents is no column of its own there; its default is the relation's. */
function relationOf(object: Default): Address {
  return object.partOf === columnOf(object) || object.partOf === undefined ? address('table', ...object.path.slice(0, 2)) : object.partOf;
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
      locks: lock('AccessExclusiveLock', relationOf(object)),
      reverse,
    }),
  ];
}

/** What a partition or a child has by itself stands in the place of what its parents hand on. */
function defaultOfParent(object: Default, context: PlanContext): Default | undefined {
  const relation = context.after.get(relationOf(object))?.attributes as
    { readonly parent?: Address; readonly inherits?: readonly Address[] } | undefined;
  const parents = relation?.parent === undefined ? (relation?.inherits ?? []) : [relation.parent];
  return parents
    .map(
      (parent) => context.after.get(address('default', ...(parseAddress(parent)?.path ?? []), object.path[2] ?? '')) as Default | undefined,
    )
    .find((found) => found !== undefined);
}

const differsFromParents = `NOT EXISTS (
  SELECT FROM pg_inherits up
  JOIN pg_attribute theirs ON theirs.attrelid = up.inhparent AND theirs.attname = a.attname
  JOIN pg_attrdef above ON above.adrelid = theirs.attrelid AND above.adnum = theirs.attnum
  WHERE up.inhrelid = c.oid AND pg_get_expr(above.adbin, above.adrelid) = pg_get_expr(d.adbin, d.adrelid))`;

/** With a new column of an old table a volatile default does not fold: it would rewrite the table. */
export const defaultKind: Kind<Default> = {
  kind: 'default',
  introspect: {
    query: (context) => `
      SELECT d.oid::int8 AS oid, n.nspname AS schema, c.relname AS "table", a.attname AS name,
        c.oid::int8 AS relation, a.attinhcount = 0 AND NOT c.relispartition AS is_own,
        pg_get_expr(d.adbin, d.adrelid) AS expression, coalesce(${volatility}, 'i') AS volatility
      FROM pg_attrdef d
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
      JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND (a.attinhcount = 0 OR ${differsFromParents})
        AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}`,
    read: (row, context) => {
      const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
      return {
        object: {
          kind: 'default',
          id: address('default', ...path),
          path,
          partOf:
            (flagOf(row, 'is_own') ? undefined : context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') })) ??
            address('column', ...path),
          attributes: { expression: textOf(row, 'expression') },
          facts: { volatility: textOf(row, 'volatility') },
        },
        identities: [{ catalog: 'pg_attrdef', oid: numberOf(row, 'oid') }],
      };
    },
  },
  create: (object, context) => {
    // While both names are there, a value that the new one has by itself would be taken for one that new code gave.
    if (formerColumn(columnOf(object), context) !== undefined && !context.isNew(relationOf(object)))
      return set(object, alterColumn(object, 'DROP DEFAULT')).map((step) => ({ ...step, phase: 'contract' }));
    const folds = context.isNew(relationOf(object)) || (context.isNew(columnOf(object)) && object.facts?.['volatility'] !== 'v');
    return set(object, alterColumn(object, 'DROP DEFAULT')).map((step) =>
      folds ? { ...step, fold: { into: columnOf(object), clause: `DEFAULT ${sourceOf(object, 'expression')}`, order: 0 } } : step,
    );
  },
  drop: (object, context) => {
    const handedOn = defaultOfParent(object, context);
    // Old code may leave the column out and rely on it.
    const isRelied = handedOn === undefined && !context.after.has(object.id);
    return [
      statement({
        sql: alterColumn(object, handedOn === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${sourceOf(handedOn, 'expression')}`),
        purpose:
          handedOn === undefined
            ? `Take the default of ${pathText(object.path)} away.`
            : `Give ${pathText(object.path)} the default of its parent.`,
        subject: object.id,
        destroys: [object.id],
        locks: lock('AccessExclusiveLock', relationOf(object)),
        reverse: alterColumn(object, `SET DEFAULT ${sourceOf(object, 'expression')}`),
        phase: isRelied ? 'contract' : 'expand',
      }),
    ];
  },
  alter: {
    expression: { statements: (before, after) => set(after, alterColumn(before, `SET DEFAULT ${sourceOf(before, 'expression')}`)) },
  },
  describe: () => [],
  author: defaultAuthor,
};
