/** How a foreign key is made, dropped, altered and replaced (manual §5.5.5; rule book F1 to F6). */
import { parseAddress, pathText } from '../../model/address.ts';
import { sameJson, type SchemaObject } from '../../model/object.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { nameList, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { dropConstraint, validateConstraint } from '../constraint-sql.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { deferralClause, hazard, isPartitioned, isSmall, lock, phaseOfDrop, relationName, tableOf } from '../statements.ts';
import type { ForeignKey } from './object.ts';

function referencedName(key: ForeignKey): string {
  return qualifiedName(parseAddress(key.attributes.references)?.path ?? []);
}

export function foreignKeyClause(key: ForeignKey, name: string): string {
  const { columns, referencedColumns, match, onUpdate, onDelete, onDeleteColumns, deferral, enforced, period } = key.attributes;
  const list = (names: readonly string[]): string =>
    period === true ? [...names.slice(0, -1).map(quoteName), `PERIOD ${quoteName(names.at(-1) ?? '')}`].join(', ') : nameList(names);
  return [
    `CONSTRAINT ${quoteName(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${referencedName(key)} (${list(referencedColumns)})`,
    match === 'full' ? ' MATCH FULL' : '',
    onUpdate === 'no action' ? '' : ` ON UPDATE ${onUpdate.toUpperCase()}`,
    onDelete === 'no action' ? '' : ` ON DELETE ${onDelete.toUpperCase()}`,
    onDeleteColumns.length === 0 ? '' : ` (${nameList(onDeleteColumns)})`,
    deferralClause(deferral),
    enforced === false ? ' NOT ENFORCED' : '',
  ].join('');
}

/** The key or unique index that the foreign key rests on; it must be there first. */
function restsOn(key: ForeignKey, context: PlanContext): readonly string[] {
  const keys = partsOf(context.after, key.attributes.references);
  const sameColumns = (part: SchemaObject): boolean =>
    'include' in part.attributes &&
    'columns' in part.attributes &&
    sameJson([...(part.attributes.columns as string[])].sort(), [...key.attributes.referencedColumns].sort());
  const constraints = keys.filter(sameColumns);
  const candidates =
    constraints.length > 0 ? constraints : keys.filter((part) => 'unique' in part.attributes && part.attributes.unique === true);
  return candidates.map((part) => part.id);
}

function orphans(key: ForeignKey): ReturnType<typeof hazard> {
  const { columns, referencedColumns } = key.attributes;
  const join = columns
    .map((column, place) => `referenced.${quoteName(referencedColumns[place] ?? '')} = referencing.${quoteName(column)}`)
    .join(' AND ');
  const present = columns.map((column) => `referencing.${quoteName(column)} IS NOT NULL`).join(' AND ');
  const query = `SELECT referencing.* FROM ${relationName(key)} referencing WHERE ${present} AND NOT EXISTS (SELECT FROM ${referencedName(key)} referenced WHERE ${join}) LIMIT 20`;
  return hazard('data-dependent', key.id, 'fails where a row references nothing', query);
}

function base(key: ForeignKey, name: string, context: PlanContext): Statement {
  const table = tableOf(key);
  const { references } = key.attributes;
  const locksOther = references !== table && !context.isNew(references);
  return statement({
    sql: `ALTER TABLE ${relationName(key)} ADD ${foreignKeyClause(key, name)}`,
    purpose: `Add foreign key ${name} from ${pathText(key.path.slice(0, 2))} to ${pathText(parseAddress(references)?.path ?? [])}.`,
    subject: key.id,
    needs: [...key.dependsOn, references, ...restsOn(key, context)],
    makes: [key.id],
    locks: lock('ShareRowExclusiveLock', table, references),
    hazards: locksOther
      ? [hazard('locks-other-table', references, 'writes to the referenced table wait while the constraint is added')]
      : [],
    probe: `present foreign-key ${pathText([...key.path.slice(0, 2), name])}`,
    reverse: `ALTER TABLE ${relationName(key)} DROP CONSTRAINT ${quoteName(name)}`,
  });
}

export function createForeignKey(key: ForeignKey, context: PlanContext): readonly Statement[] {
  const name = key.path[2] ?? '';
  const table = tableOf(key);
  const add = base(key, name, context);
  // What is not enforced looks at no row.
  if (key.attributes.enforced === false) return [add];
  if (!key.attributes.validated && (context.isNew(table) || isSmall(table, context))) return inTwoSteps(key, name, add);
  if (context.isNew(table)) {
    const folds = context.isNew(key.attributes.references);
    return [folds ? { ...add, fold: { into: table, clause: foreignKeyClause(key, name), order: 40_000 } } : add];
  }
  if (isSmall(table, context)) return [{ ...add, scans: [table], hazards: [...add.hazards, orphans(key)] }];
  if (isPartitioned(table, context) && context.major < 18) return onPartitions(key, add);
  return inTwoSteps(key, name, add);
}

function inTwoSteps(key: ForeignKey, name: string, add: Statement): readonly Statement[] {
  const notValid: Statement = { ...add, sql: `${add.sql} NOT VALID`, purpose: `${add.purpose.slice(0, -1)} for new rows.` };
  if (!key.attributes.validated) return [notValid];
  return [{ ...notValid, makes: [] }, validateConstraint(key, name, [orphans(key)], [key.attributes.references])];
}

/**
 * Up to 17 a partitioned table refuses NOT VALID (42809): each partition gets the key in two steps,
 * and the parent adopts them without a scan (rule book F2).
 */
function onPartitions(key: ForeignKey, add: Statement): readonly Statement[] {
  const name = key.path[2] ?? '';
  const leaves = `FROM pg_partition_tree(${quoteText(relationName(key))}::regclass) WHERE isleaf`;
  const eachLeaf = (action: string): string =>
    `SELECT format(${quoteText(`ALTER TABLE %s ${action.replaceAll('%', '%%')}`)}, relid::regclass) ${leaves}`;
  const step = { subject: key.id, needs: add.needs, step: 'expand' as const };
  return [
    statement({
      ...step,
      sql: eachLeaf(`ADD ${foreignKeyClause(key, name)} NOT VALID`),
      purpose: `Add foreign key ${name} to each partition for new rows.`,
      locks: lock('ShareRowExclusiveLock', key.attributes.references),
      hazards: add.hazards,
    }),
    statement({
      ...step,
      sql: eachLeaf(`VALIDATE CONSTRAINT ${quoteName(name)}`),
      purpose: `Check the existing rows of each partition against ${name}; reads and writes go on.`,
      locks: lock('RowShareLock', key.attributes.references),
      hazards: [orphans(key)],
    }),
    {
      ...add,
      purpose: `Make the partitions' foreign keys one on the parent; nothing is scanned.`,
      locks: lock('AccessExclusiveLock', tableOf(key), key.attributes.references),
      hazards: [hazard('locks-other-table', key.attributes.references, 'reads and writes of the referenced table wait for a moment')],
    },
  ];
}

export function dropForeignKey(key: ForeignKey, context: PlanContext): readonly Statement[] {
  const drop = dropConstraint(key, foreignKeyClause(key, key.path[2] ?? ''), [key.attributes.references]);
  return [{ ...drop, phase: phaseOfDrop(key, key.attributes.columns, context) }];
}

/** The new key stands beside the old one until it is valid (rule book F5). */
export function replaceForeignKey(before: ForeignKey, after: ForeignKey, context: PlanContext): readonly Statement[] {
  if (context.isNew(tableOf(after)) || isSmall(tableOf(after), context) || (isPartitioned(tableOf(after), context) && context.major < 18)) {
    return [...dropForeignKey(before, context), ...createForeignKey(after, context)];
  }
  const name = after.path[2] ?? '';
  const temporary = constraintName(name, [], 'new');
  const atomic = `swap ${after.id}`;
  const steps = inTwoSteps(after, temporary, base(after, temporary, context)).map((step): Statement => ({ ...step, makes: [] }));
  return [
    ...steps,
    ...dropForeignKey(before, context).map((step): Statement => ({ ...step, atomic })),
    statement({
      sql: `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(temporary)} TO ${quoteName(name)}`,
      purpose: `Give the new foreign key its name, ${name}.`,
      subject: after.id,
      makes: [after.id],
      locks: lock('AccessExclusiveLock', tableOf(after)),
      reverse: `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(name)} TO ${quoteName(temporary)}`,
      atomic,
    }),
  ];
}

function alterDeferral(_before: ForeignKey, after: ForeignKey): readonly Statement[] {
  const clause = after.attributes.deferral === 'not deferrable' ? ' NOT DEFERRABLE' : deferralClause(after.attributes.deferral);
  return [
    statement({
      sql: `ALTER TABLE ${relationName(after)} ALTER CONSTRAINT ${quoteName(after.path[2] ?? '')}${clause}`,
      purpose: `Change when ${after.path[2]} is checked.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('AccessExclusiveLock', tableOf(after), after.attributes.references),
    }),
  ];
}

/** ENFORCED reads both tables under the locks of ALTER CONSTRAINT (18; manual: ALTER TABLE). */
function alterEnforced(_before: ForeignKey, after: ForeignKey): readonly Statement[] {
  const isEnforced = after.attributes.enforced !== false;
  const table = tableOf(after);
  const reason = 'existing rows are read while nobody can use the table';
  return [
    statement({
      sql: `ALTER TABLE ${relationName(after)} ALTER CONSTRAINT ${quoteName(after.path[2] ?? '')} ${isEnforced ? 'ENFORCED' : 'NOT ENFORCED'}`,
      purpose: `${isEnforced ? 'Enforce' : 'Enforce no more'} ${after.path[2]}.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('AccessExclusiveLock', table, after.attributes.references),
      scans: isEnforced ? [table] : [],
      hazards: isEnforced ? [hazard('blocks-reads', table, reason), orphans(after)] : [],
    }),
  ];
}

export const foreignKeyRules: AttributeRules<ForeignKey> = {
  columns: { statements: 'replace' },
  references: { statements: 'replace' },
  referencedColumns: { statements: 'replace' },
  match: { statements: 'replace' },
  onUpdate: { statements: 'replace' },
  onDelete: { statements: 'replace' },
  onDeleteColumns: { statements: 'replace' },
  deferral: { statements: alterDeferral },
  enforced: { statements: alterEnforced },
  period: { statements: 'replace' },
  validated: {
    // There is no way back from VALIDATE but making it anew.
    replaces: (before, after) => !after.attributes.validated && before.attributes.enforced === after.attributes.enforced,
    statements: (before, after) =>
      after.attributes.validated && before.attributes.enforced === after.attributes.enforced
        ? [validateConstraint(after, after.path[2] ?? '', [orphans(after)], [after.attributes.references])]
        : [],
  },
};
