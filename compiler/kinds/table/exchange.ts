/**
 * The moment in which a table whose rows were moved and its successor are exchanged: the old one goes
 * to a schema of our own under its names, with everything on it; the new one takes its place. Nothing is
 * read and nothing renamed. The old one stays there until the deploy is over.
 */
import { pathText, type Address } from '../../model/address.ts';
import { partsOf, type SchemaObject } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { treeOf } from '../../sql/batched-update.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { beforeSchema, nextSchema } from '../own-schemas.ts';
import { besideOf } from '../successor.ts';
import { hazard, lock, referencingTables } from '../statements.ts';
import { followTriggers } from './move-rows.ts';
import { movingOf, nameOf, type Moving } from './moving.ts';
import type { Table } from './object.ts';

type Step = readonly [sql: string, purpose: string];

/** Sequences that a column owns would go with the old table: they belong to none for this moment. */
function ownedSequences(table: Address, state: PlanContext['after']): readonly SchemaObject[] {
  return [...state.values()].filter((object) => {
    const owner = (object.attributes as { readonly ownedBy?: string }).ownedBy;
    return owner !== undefined && state.get(owner)?.partOf === table;
  });
}

function referencedBy(table: Address, state: PlanContext['after']): readonly Address[] {
  const keys = partsOf(state, table).flatMap(({ attributes }) => ('references' in attributes ? [String(attributes.references)] : []));
  return [...new Set(keys)].filter((id) => id !== table);
}

/** Foreign keys of the old table would go on asking those that it refers to. */
function letGo(table: Table, old: string, context: PlanContext): readonly Step[] {
  return partsOf(context.before, table.id).flatMap((part): readonly Step[] => {
    const name = part.path.at(-1) ?? '';
    if (part.kind === 'foreign-key')
      return [[`ALTER TABLE ${old} DROP CONSTRAINT ${quoteName(name)}`, `Let the old table refer to nothing any more.`]];
    if (part.kind === 'statistics')
      return [
        [`ALTER STATISTICS ${qualifiedName(part.path)} SET SCHEMA ${beforeSchema}`, `Let the statistics ${name} go with the old table.`],
      ];
    return [];
  });
}

/** Its partitions too, whatever they are called: a rule may have made them. */
function moveAway(old: string): string {
  const body = `
DECLARE
  moved record;
BEGIN
  FOR moved IN ${treeOf(old)}
    SELECT part FROM tree
  LOOP
    EXECUTE format('ALTER TABLE %s SET SCHEMA ${beforeSchema}', moved.part);
  END LOOP;
END
`;
  return `DO ${dollarQuote(body)}`;
}

/** The old table goes; its successor comes after the last of these. */
export function goAside(table: Table, moving: Moving, context: PlanContext): readonly Statement[] {
  const { old, follower } = moving;
  const [rows, truncate] = followTriggers;
  const steps: readonly Step[] = [
    [
      `LOCK TABLE ${old} IN ACCESS EXCLUSIVE MODE`,
      `Exchange ${nameOf(moving)} and its successor: from here on nobody reads or writes for a moment. Partitions are locked after their table, as everybody does.`,
    ],
    [`DROP TRIGGER ${rows} ON ${old}`, 'Nothing is told to the successor any more.'],
    [`DROP TRIGGER ${truncate} ON ${old}`, 'TRUNCATE neither.'],
    [`DROP FUNCTION ${follower}()`, 'Its function goes too.'],
    ...ownedSequences(table.id, context.before).map(({ path }): Step => [
      `ALTER SEQUENCE ${qualifiedName(path)} OWNED BY NONE`,
      `Keep ${pathText(path)} where it is.`,
    ]),
    [`CREATE SCHEMA IF NOT EXISTS ${beforeSchema}`, 'Where the old table is kept until the deploy is over.'],
    ...letGo(table, old, context),
    [moveAway(old), `Keep the old table there, under its own names.`],
  ];
  const referenced = referencedBy(table.id, context.before);
  return steps.map(([sql, purpose], place) => {
    const isEnd = place === 0 || place === steps.length - 1;
    return statement({
      sql,
      purpose,
      subject: table.id,
      locks:
        place === 0
          ? lock('AccessExclusiveLock', table.id)
          : sql.includes('DROP CONSTRAINT')
            ? lock('AccessExclusiveLock', table.id, ...referenced)
            : [],
      ...(isEnd ? { destroys: [table.id] } : {}),
      hazards:
        place === 0
          ? referenced.map((other) => hazard('locks-other-table', other, 'reads and writes of the referenced table wait for a moment'))
          : [],
    });
  });
}

function sequenceOf(facts: SchemaObject['facts']): string {
  const name = facts?.['sequence'];
  return typeof name === 'string' ? name : '';
}

function counters(moving: Moving, context: PlanContext): readonly Step[] {
  const columns = partsOf(context.before, moving.table.id).filter(
    (part) =>
      typeof part.facts?.['sequence'] === 'string' &&
      (context.after.get(part.id)?.attributes as { identity?: unknown } | undefined)?.identity !== undefined,
  );
  return columns.map(({ path, facts }): Step => {
    const old = qualifiedName([beforeSchema, sequenceOf(facts)]);
    return [
      `SELECT setval(pg_get_serial_sequence(${quoteText(moving.next)}, ${quoteText(path[2] ?? '')}), last_value, is_called) FROM ${old}`,
      `Go on counting ${pathText(path)} where it was.`,
    ];
  });
}

/** The successor takes the place of the table, with the partitions that are declared under it. */
export function takePlace(table: Table, context: PlanContext): readonly Statement[] {
  const moving = movingOf(table, context);
  const beside = besideOf(table.id, context.after);
  const relations = [table, ...beside.filter(({ kind }) => kind === 'partition')];
  const steps: readonly Step[] = [
    ...counters(moving, context),
    ...relations.map(({ path }): Step => {
      const [schema = '', name = ''] = path;
      return [`ALTER TABLE ${qualifiedName([nextSchema, name])} SET SCHEMA ${quoteName(schema)}`, `Give ${pathText(path)} its place.`];
    }),
    ...ownedSequences(table.id, context.after)
      .filter(({ id }) => context.before.has(id))
      .map((sequence): Step => {
        const owner = context.after.get((sequence.attributes as { readonly ownedBy: string }).ownedBy);
        return [
          `ALTER SEQUENCE ${qualifiedName(sequence.path)} OWNED BY ${qualifiedName(owner?.path ?? [])}`,
          `Let the sequence ${pathText(sequence.path)} belong to it.`,
        ];
      }),
  ];
  return steps.map(([sql, purpose], place) =>
    statement({
      sql,
      purpose,
      subject: table.id,
      ...(place === steps.length - 1 ? { makes: beside.map(({ id }) => id) } : {}),
      locks: place === 0 ? lock('ShareRowExclusiveLock', ...referencingTables(table.id, context.after)) : [],
    }),
  );
}

/** No hazard: that every row is in the successor was proven before the exchange. */
export function clearAway(table: Table): readonly Statement[] {
  const schemas = `
DECLARE
  left_over text;
BEGIN
  FOR left_over IN SELECT n.nspname FROM pg_catalog.pg_namespace n
    WHERE n.nspname IN (${quoteText(nextSchema)}, ${quoteText(beforeSchema)}) AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
  LOOP
    EXECUTE format('DROP SCHEMA %I', left_over);
  END LOOP;
END
`;
  const steps: readonly Step[] = [
    [
      `DROP TABLE ${qualifiedName([beforeSchema, table.path[1] ?? ''])}`,
      `Drop what ${pathText(table.path)} was before; its rows were proven to be in it.`,
    ],
    [`DO ${dollarQuote(schemas)}`, 'Drop the schemas that it took, once they are empty.'],
  ];
  return steps.map(([sql, purpose]) =>
    statement({ sql, purpose, subject: table.id, phase: 'contract', apart: true, atomic: `clear away ${table.id}` }),
  );
}
