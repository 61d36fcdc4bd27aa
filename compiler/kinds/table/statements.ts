/** How a table is made, dropped, renamed and altered (manual: CREATE TABLE, ALTER TABLE; rule book C, M). */
import { parseAddress, pathText, type Address } from '../../model/address.ts';
import { partsOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { renameIdentitySequence } from '../identity-sequence.ts';
import { relationSettingRules, tablespaceClause, usingClause } from '../relation-settings.ts';
import { createdReplicaIdentity, tableReplicaIdentityRule } from '../replica-identity.ts';
import { hazard, lock, storageParameterChanges, withStorageParameters } from '../statements.ts';
import { nextSchema } from '../own-schemas.ts';
import { isTakenIn } from '../successor.ts';
import type { Table } from './object.ts';
import { clearAway, goAside, takePlace } from './exchange.ts';
import { clearBefore, moveRows } from './move-rows.ts';
import { movingOf, refuseUnmovable } from './moving.ts';
import { isPartitionedOtherwise, refuseObstaclesToMoving, refusePartitionKey } from './partitioning.ts';
import { setOldAside } from './set-aside.ts';
import { takeInOld } from './take-in.ts';

function inheritedParts(parent: Address, context: PlanContext): readonly Address[] {
  const handedOn = partsOf(context.after, parent).filter((part) => 'nullable' in part.attributes || 'noInherit' in part.attributes);
  return [parent, ...handedOn.map((part) => part.id)];
}

export function createTable(object: Table, context: PlanContext): readonly Statement[] {
  const before = context.before.get(object.id) as Table | undefined;
  return before === undefined || !isPartitionedOtherwise(before, object) || isTakenIn(before, context.after)
    ? createInPlace(object, context)
    : [...takePlace(object, context), ...createdRowSecurity(object), ...clearAway(object)];
}

function createdRowSecurity(object: Table): readonly Statement[] {
  const { rowSecurity } = object.attributes;
  return rowSecurity === 'off' ? [] : rowSecurityStatements(object, rowSecurity);
}

function schemaOfSuccessor({ id, path }: Table): readonly Statement[] {
  if (path[0] !== nextSchema) return [];
  const schema = `CREATE SCHEMA IF NOT EXISTS ${nextSchema}`;
  return [
    statement({ sql: schema, purpose: 'Where a table is made ready until it takes the place of another.', subject: id }),
    statement({
      sql: clearBefore(path),
      purpose: 'Drop what is left of an attempt that was taken back: a copy of rows, and who told it of changes.',
      subject: id,
    }),
  ];
}

function createInPlace(object: Table, context: PlanContext): readonly Statement[] {
  const { persistence, partitionBy, storageParameters, inherits = [] } = object.attributes;
  const name = qualifiedName(object.path);
  const head = `CREATE ${persistence === 'unlogged' ? 'UNLOGGED ' : ''}TABLE ${name}`;
  const tail = [
    inherits.length === 0 ? '' : ` INHERITS (${inherits.map((parent) => qualifiedName(parseAddress(parent)?.path ?? [])).join(', ')})`,
    partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`,
    usingClause(object.attributes),
    withStorageParameters(storageParameters),
    tablespaceClause(object.attributes),
  ].join('');
  return [
    ...schemaOfSuccessor(object),
    statement({
      sql: `${head} ()${tail}`,
      purpose: `Create table ${pathText(object.path)}.`,
      subject: object.id,
      // A child has the columns and checks that its parents have when it is made.
      needs: [...object.dependsOn, ...inherits.flatMap((parent) => inheritedParts(parent, context))],
      makes: [object.id],
      accepts: { style: 'list', head, tail },
      probe: `present ${object.id}`,
      reverse: `DROP TABLE ${name}`,
    }),
    ...createdRowSecurity(object),
    ...createdReplicaIdentity(object),
    ...takeInOld(object, context),
  ];
}

/** The table of before is taken in by its successor as it is, or its rows are moved. */
function giveWay(before: Table, after: Table, context: PlanContext): readonly Statement[] {
  if (isTakenIn(before, context.after)) return setOldAside(before, after, context);
  refuseObstaclesToMoving(before, after, context);
  refuseUnmovable(before, context);
  const moving = movingOf(before, context);
  return [...moveRows(moving), ...goAside(before, moving, context)];
}

/** Dropping takes AccessExclusiveLock on every table that it references too (rule book M3). */
export function dropTable(object: Table, context: PlanContext): readonly Statement[] {
  const successor = context.after.get(object.id) as Table | undefined;
  if (successor !== undefined && isPartitionedOtherwise(object, successor)) return giveWay(object, successor, context);
  const referenced = partsOf(context.before, object.id).flatMap((part) =>
    'references' in part.attributes ? [String(part.attributes.references)] : [],
  );
  return [
    statement({
      sql: `DROP TABLE ${qualifiedName(object.path)}`,
      purpose: `Drop table ${pathText(object.path)} with its rows.`,
      subject: object.id,
      destroys: [object.id],
      locks: [...lock('AccessExclusiveLock', object.id, ...referenced)],
      hazards: [
        hazard('data-loss', object.id, 'the rows of the table are gone'),
        hazard('application-order', object.id, 'no running version of the application may use the table any more'),
      ],
      probe: `absent ${object.id}`,
      phase: 'contract',
    }),
  ];
}

function rowSecurityStatements(object: Table, rowSecurity: Table['attributes']['rowSecurity']): readonly Statement[] {
  const actions =
    rowSecurity === 'off'
      ? ['NO FORCE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY']
      : [`ENABLE ROW LEVEL SECURITY`, rowSecurity === 'forced' ? 'FORCE ROW LEVEL SECURITY' : 'NO FORCE ROW LEVEL SECURITY'];
  return [
    statement({
      sql: `ALTER TABLE ${qualifiedName(object.path)} ${actions.join(', ')}`,
      purpose: `Set row level security of ${pathText(object.path)} to ${rowSecurity}.`,
      subject: object.id,
      needs: [object.id],
      locks: lock('AccessExclusiveLock', object.id),
      hazards: [hazard('authorization', object.id, 'which rows a role can see changes')],
    }),
  ];
}

/** Policies are there before they count and as long as they do: without one nobody would see a row. */
function alterRowSecurity(before: Table, after: Table, context: PlanContext): readonly Statement[] {
  const policies = [...partsOf(context.before, before.id), ...partsOf(context.after, after.id)].filter(({ kind }) => kind === 'policy');
  return rowSecurityStatements(after, after.attributes.rowSecurity).map((step): Statement => ({
    ...step,
    needs: [...step.needs, ...policies.map(({ id }) => id)],
  }));
}

function alterStorageParameters(before: Table, after: Table): readonly Statement[] {
  return storageParameterChanges(before.attributes.storageParameters, after.attributes.storageParameters).map((action) =>
    statement({
      sql: `ALTER TABLE ${qualifiedName(after.path)} ${action}`,
      purpose: `Change storage parameters of ${pathText(after.path)}.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('ShareUpdateExclusiveLock', after.id),
    }),
  );
}

function alterPersistence(_before: Table, after: Table): readonly Statement[] {
  const logged = after.attributes.persistence === 'permanent';
  return [
    statement({
      sql: `ALTER TABLE ${qualifiedName(after.path)} SET ${logged ? 'LOGGED' : 'UNLOGGED'}`,
      purpose: `Make ${pathText(after.path)} ${logged ? 'logged' : 'unlogged'}.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('AccessExclusiveLock', after.id),
      rewrites: [after.id],
      scans: [after.id],
      hazards: [hazard('rewrite', after.id, 'the whole table is written again while nobody can use it')],
    }),
  ];
}

/** Parents are kept in the order in which they came: from the first place on that differs all go and come again. */
function alterParents(before: Table, after: Table, context: PlanContext): readonly Statement[] {
  const [was, now] = [before.attributes.inherits ?? [], after.attributes.inherits ?? []];
  const kept = was.filter((parent) => now.includes(parent));
  const place = kept.findIndex((parent, at) => parent !== now[at]);
  const staying = new Set(place === -1 ? kept : kept.slice(0, place));
  const leave = was.filter((parent) => !staying.has(parent) && context.after.has(parent)).map((parent) => leaveParent(after, parent));
  const join = now.filter((parent) => !staying.has(parent)).map((parent) => joinParent(after, parent, context));
  return [...leave, ...join];
}

function parentStep(child: Table, parent: Address, verb: 'INHERIT' | 'NO INHERIT'): string {
  return `ALTER TABLE ${qualifiedName(child.path)} ${verb} ${qualifiedName(parseAddress(parent)?.path ?? [])}`;
}

function leaveParent(child: Table, parent: Address): Statement {
  return statement({
    sql: parentStep(child, parent, 'NO INHERIT'),
    purpose: `Let ${pathText(child.path)} be no child of ${pathText(parseAddress(parent)?.path ?? [])} any more; its columns are its own.`,
    subject: child.id,
    needs: [parent, child.id],
    locks: [...lock('AccessExclusiveLock', child.id), ...lock('AccessShareLock', parent)],
    hazards: [hazard('application-order', parent, 'queries of the parent do not find the rows of the child any more')],
    reverse: parentStep(child, parent, 'INHERIT'),
  });
}

function joinParent(child: Table, parent: Address, context: PlanContext): Statement {
  return statement({
    sql: parentStep(child, parent, 'INHERIT'),
    purpose: `Let ${pathText(child.path)} be a child of ${pathText(parseAddress(parent)?.path ?? [])}; its rows are the parent's too.`,
    subject: child.id,
    needs: [child.id, ...inheritedParts(parent, context)],
    locks: [...lock('AccessExclusiveLock', child.id), ...lock('ShareUpdateExclusiveLock', parent)],
    hazards: [hazard('application-order', parent, 'queries of the parent find the rows of the child from now on')],
    reverse: parentStep(child, parent, 'NO INHERIT'),
  });
}

export const tableRules: AttributeRules<Table> = {
  persistence: { statements: alterPersistence },
  partitionBy: { statements: refusePartitionKey, replaces: isPartitionedOtherwise, keeps: ['sequence'] },
  storageParameters: { statements: alterStorageParameters, stake: 'speed' },
  rowSecurity: { statements: alterRowSecurity, stake: 'access' },
  ...relationSettingRules('TABLE'),
  replicaIdentity: tableReplicaIdentityRule,
  inherits: { statements: alterParents },
};

export function renameTable(before: Table, after: Table, context: PlanContext): readonly Statement[] {
  const moved = qualifiedName([after.path[0] ?? '', before.path[1] ?? '']);
  return [
    ...(before.path[0] === after.path[0]
      ? []
      : [renameStep(before, after, `ALTER TABLE ${qualifiedName(before.path)} SET SCHEMA ${quoteName(after.path[0] ?? '')}`)]),
    ...(before.path[1] === after.path[1]
      ? []
      : [renameStep(before, after, `ALTER TABLE ${moved} RENAME TO ${quoteName(after.path[1] ?? '')}`)]),
    ...partsOf(context.before, before.id).flatMap((part) => renameIdentitySequence(part, [...after.path, part.path[2] ?? ''])),
  ];
}

function renameStep(before: Table, after: Table, sql: string): Statement {
  return statement({
    sql,
    purpose: `Rename table ${pathText(before.path)} to ${pathText(after.path)}.`,
    subject: after.id,
    locks: lock('AccessExclusiveLock', before.id),
    hazards: [hazard('backward-compatibility', after.id, `running code that names ${pathText(before.path)} fails from now on`)],
    probe: `present ${after.id}`,
    reverse: `ALTER TABLE ${qualifiedName(after.path)} RENAME TO ${quoteName(before.path[1] ?? '')}`,
  });
}
