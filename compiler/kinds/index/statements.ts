/** How an index is made, dropped, altered and replaced without stopping writes (manual: CREATE INDEX; rule book I1 to I8). */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard, isPartitioned, isSmall, lock, storageParameterChanges } from '../statements.ts';
import { createIndexSql, indexRelation } from './clause.ts';
import { createdIndexRoles, droppedIndexRoles, indexRoleRules } from '../replica-identity.ts';
import type { Index } from './object.ts';
import { indexOnPartitions } from './partitioned.ts';

function duplicates(index: Index): readonly ReturnType<typeof hazard>[] {
  if (!index.attributes.unique) return [];
  const keys = index.attributes.keys.map((key) => key.text).join(', ');
  const where = index.attributes.where === undefined ? '' : ` WHERE ${index.attributes.where}`;
  const query = `SELECT ${keys}, count(*) FROM ${indexRelation(index)}${where} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 20`;
  return [hazard('data-dependent', index.id, 'fails where rows are not unique', query)];
}

export function createIndex(index: Index, context: PlanContext): readonly Statement[] {
  return [...buildIndex(index, context), ...setStatistics({}, index), ...createdIndexRoles(index)];
}

/** A target of -1 is the default of the column (manual: ALTER INDEX, SET STATISTICS). */
function setStatistics(before: NonNullable<Index['attributes']['statistics']>, index: Index): readonly Statement[] {
  const { statistics = {} } = index.attributes;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(statistics)])].filter((key) => before[key] !== statistics[key]);
  return keys.map((key) =>
    statement({
      sql: `ALTER INDEX ${qualifiedName(index.path)} ALTER COLUMN ${key} SET STATISTICS ${String(statistics[key] ?? -1)}`,
      purpose: `Set the statistics target of key ${key} of ${pathText(index.path)}; it counts from the next ANALYZE.`,
      subject: index.id,
      needs: [index.id],
    }),
  );
}

function buildIndex(index: Index, context: PlanContext): readonly Statement[] {
  const table = index.attributes.on;
  const needs = [...index.dependsOn, table];
  if (!context.isNew(table) && isPartitioned(table, context) && !isSmall(table, context)) return indexOnPartitions(index, needs, context);
  if (context.isNew(table) || isSmall(table, context)) {
    return [
      statement({
        sql: createIndexSql(index, 'PLAIN'),
        purpose: `Create index ${pathText(index.path)}.`,
        subject: index.id,
        needs,
        makes: [index.id],
        locks: lock('ShareLock', table),
        scans: [table],
        hazards: context.isNew(table) ? [] : duplicates(index),
        probe: `valid ${index.id}`,
        reverse: `DROP INDEX ${qualifiedName(index.path)}`,
      }),
    ];
  }
  return [
    statement({
      sql: createIndexSql(index, 'CONCURRENTLY'),
      purpose: `Build index ${pathText(index.path)}; reads and writes go on.`,
      subject: index.id,
      step: 'concurrent',
      needs,
      makes: [index.id],
      locks: lock('ShareUpdateExclusiveLock', table),
      scans: [table],
      hazards: [hazard('index-build', index.id, 'reads the whole table and waits for older transactions'), ...duplicates(index)],
      probe: `valid ${index.id}`,
      reverse: `DROP INDEX CONCURRENTLY ${qualifiedName(index.path)}`,
    }),
  ];
}

export function dropIndex(index: Index, context: PlanContext): readonly Statement[] {
  const table = index.attributes.on;
  const plain = isPartitioned(table, context) || isSmall(table, context);
  return [
    ...droppedIndexRoles(index, context),
    statement({
      sql: `DROP INDEX ${plain ? '' : 'CONCURRENTLY '}${qualifiedName(index.path)}`,
      purpose: `Drop index ${pathText(index.path)}.`,
      subject: index.id,
      step: plain ? 'transactional' : 'concurrent',
      destroys: [index.id],
      locks: lock(plain ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock', table),
      hazards: [
        hazard('index-dropped', index.id, 'queries that it serves become slower'),
        ...(plain && !isSmall(table, context)
          ? [hazard('blocks-reads', table, 'PostgreSQL cannot drop an index of a partitioned table concurrently')]
          : []),
      ],
      probe: `absent ${index.id}`,
      reverse: createIndexSql(index, plain ? 'PLAIN' : 'CONCURRENTLY'),
      phase: 'contract',
    }),
  ];
}

/** The old index serves under a temporary name until the new one is valid (rule book I4). */
export function replaceIndex(before: Index, after: Index, context: PlanContext): readonly Statement[] {
  const table = after.attributes.on;
  if (before.attributes.on !== table) return [...dropIndex(before, context), ...createIndex(after, context)];
  // Old code looks for rows by a column that goes after the deploy.
  const gone = before.dependsOn.filter((id) => context.before.has(id) && !context.after.has(id));
  const phase = gone.length > 0 ? 'contract' : 'expand';
  if (isPartitioned(table, context) && phase === 'expand') return swapIndex(before, after, context);
  const temporary: Index = { ...before, path: [before.path[0] ?? '', constraintName(before.path[1] ?? '', [], 'old')] };
  return [
    statement({
      sql: `ALTER INDEX ${qualifiedName(before.path)} RENAME TO ${quoteName(temporary.path[1] ?? '')}`,
      purpose: `Keep the old index ${pathText(before.path)} under another name while the new one is built.`,
      subject: before.id,
      destroys: [before.id],
      probe: `present index ${pathText(temporary.path)}`,
      reverse: `ALTER INDEX ${qualifiedName(temporary.path)} RENAME TO ${quoteName(before.path[1] ?? '')}`,
    }),
    ...createIndex(after, context),
    ...dropIndex(temporary, context).map((step): Statement => ({
      ...step,
      destroys: [],
      needs: gone,
      probe: `absent index ${pathText(temporary.path)}`,
      phase,
    })),
  ];
}

/** On a partitioned table the new index is built under another name, and takes the old one's place in one transaction. */
function swapIndex(before: Index, after: Index, context: PlanContext): readonly Statement[] {
  const temporary: Index = { ...after, path: [after.path[0] ?? '', constraintName(after.path[1] ?? '', [], 'new')] };
  const atomic = `swap ${after.id}`;
  return [
    ...createIndex(temporary, context).map((step): Statement => ({ ...step, makes: [] })),
    ...dropIndex(before, context).map((step): Statement => ({
      ...step,
      atomic,
      hazards: step.hazards.filter(({ hazard: name }) => name !== 'index-dropped'),
      phase: 'expand',
    })),
    statement({
      sql: `ALTER INDEX ${qualifiedName(temporary.path)} RENAME TO ${quoteName(after.path[1] ?? '')}`,
      purpose: `Give the new index its name, ${after.path[1]}.`,
      subject: after.id,
      makes: [after.id],
      reverse: `ALTER INDEX ${qualifiedName(after.path)} RENAME TO ${quoteName(temporary.path[1] ?? '')}`,
      atomic,
    }),
  ];
}

/** An invalid index serves nobody, so it goes first; a valid one is never made invalid. */
function mend(before: Index, after: Index, context: PlanContext): readonly Statement[] {
  if (after.attributes.valid === false) return [];
  if (isPartitioned(after.attributes.on, context)) return swapIndex(before, after, context);
  const [drop, ...rest] = [...dropIndex(before, context).slice(-1), ...createIndex(after, context)];
  const purpose = `Drop index ${pathText(before.path)}, which is invalid, to build it again.`;
  return drop === undefined ? rest : [{ ...drop, purpose, destroys: [], hazards: [], phase: 'expand' }, ...rest];
}

function move(_before: Index, after: Index): readonly Statement[] {
  return [
    statement({
      sql: `ALTER INDEX ${qualifiedName(after.path)} SET TABLESPACE ${quoteName(after.attributes.tablespace ?? 'pg_default')}`,
      purpose: `Move index ${pathText(after.path)}.`,
      subject: after.id,
      needs: [after.id],
      locks: lock('AccessExclusiveLock', after.id),
      hazards: [hazard('blocks-reads', after.attributes.on, 'the index is copied while nobody can use it')],
    }),
  ];
}

export const indexRules: AttributeRules<Index> = {
  on: { statements: 'replace' },
  method: { statements: 'replace' },
  unique: { statements: 'replace' },
  nullsNotDistinct: { statements: 'replace' },
  keys: { statements: 'replace' },
  include: { statements: 'replace' },
  where: { statements: 'replace' },
  statistics: { statements: (before, after) => setStatistics(before.attributes.statistics ?? {}, after), stake: 'speed' },
  valid: { statements: mend },
  tablespace: { statements: move, stake: 'speed' },
  ...indexRoleRules,
  storageParameters: {
    stake: 'speed',
    statements: (before, after) =>
      storageParameterChanges(before.attributes.storageParameters, after.attributes.storageParameters).map((action) =>
        statement({
          sql: `ALTER INDEX ${qualifiedName(after.path)} ${action}`,
          purpose: `Change storage parameters of ${pathText(after.path)}.`,
          subject: after.id,
          needs: [after.id],
        }),
      ),
  },
};

export function renameIndex(before: Index, after: Index): readonly Statement[] {
  return [
    statement({
      sql: `ALTER INDEX ${qualifiedName([after.path[0] ?? '', before.path[1] ?? ''])} RENAME TO ${quoteName(after.path[1] ?? '')}`,
      purpose: `Rename index ${pathText(before.path)} to ${after.path[1]}.`,
      subject: after.id,
      reverse: `ALTER INDEX ${qualifiedName(after.path)} RENAME TO ${quoteName(before.path[1] ?? '')}`,
    }),
  ];
}
