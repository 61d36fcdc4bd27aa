/**
 * An index on a partitioned table that holds rows: an invalid one on the parent alone, one built
 * concurrently on each partition, attached; valid when the last is (rule book I6). Partitions are
 * found when the migration is applied, since it must not name one. A partition made in between gets
 * the index by itself. Every step finds what is left to do, so it can be run again.
 */
import { createHash } from 'node:crypto';
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteText } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { hazard, lock } from '../statements.ts';
import { createIndexSql, indexBody, indexRelation } from './clause.ts';
import type { Index } from './object.ts';

/**
 * The name of a partition's part: the partition's and a hash of the index, so that a new definition
 * never meets the part of an old one. A long partition name is a hash too: 63 bytes is the limit.
 */
function partName(index: Index, partition: string): string {
  const hash = createHash('sha256')
    .update(`${index.path.join('.')} ${indexBody(index)}`)
    .digest('hex')
    .slice(0, 12);
  return `CASE WHEN octet_length(${partition}) <= 50 THEN ${partition} ELSE md5(${partition}) END || '_${hash}'`;
}

/** Partitions without a part attached to the index. */
function lacking(index: Index, more: string): string {
  return [
    `FROM pg_partition_tree(${quoteText(indexRelation(index))}::regclass) tree`,
    'JOIN pg_class child ON child.oid = tree.relid',
    `WHERE tree.level > 0${more} AND NOT EXISTS (`,
    `  SELECT FROM pg_partition_tree(${quoteText(qualifiedName(index.path))}::regclass) part JOIN pg_index attached ON attached.indexrelid = part.relid`,
    '  WHERE attached.indrelid = tree.relid)',
  ].join('\n');
}

function buildSql(index: Index, modifier: 'ONLY' | 'CONCURRENTLY', more: string): string {
  const [before, only] = modifier === 'ONLY' ? ['', 'ONLY '] : ['CONCURRENTLY ', ''];
  const template = `CREATE ${index.attributes.unique ? 'UNIQUE ' : ''}INDEX ${before}%I ON ${only}%s ${indexBody(index).replaceAll('%', '%%')}`;
  return [
    `SELECT format(${quoteText(template)}, ${partName(index, 'child.relname')}, child.oid::regclass)`,
    lacking(index, more),
    `  AND NOT EXISTS (SELECT FROM pg_class built WHERE built.relnamespace = child.relnamespace AND built.relname = ${partName(index, 'child.relname')})`,
    modifier === 'ONLY' ? 'ORDER BY tree.level' : 'ORDER BY child.relname DESC',
  ].join('\n');
}

/** A partition's part is attached to its parent's: the index itself at the first level. */
function attachSql(index: Index, isDeep: boolean): string {
  const own = quoteText(qualifiedName(index.path));
  const deep = `CASE WHEN tree.level = 1 THEN ${own} ELSE (SELECT format('%I.%I', parent.relnamespace::regnamespace, ${partName(index, 'parent.relname')}) FROM pg_class parent WHERE parent.oid = tree.parentrelid) END`;
  return [
    `SELECT format('ALTER INDEX %s ATTACH PARTITION %s.%I', ${isDeep ? deep : own}, child.relnamespace::regnamespace, ${partName(index, 'child.relname')})`,
    lacking(index, ''),
    `ORDER BY ${isDeep ? 'tree.level DESC, ' : ''}child.relname`,
  ].join('\n');
}

/** Whether a partition of any table is partitioned again, one by one or by a rule: then parts are made level by level. */
function hasDeepPartitions(context: PlanContext): boolean {
  return [...context.before.values()].some(
    ({ attributes }) => ('bound' in attributes && 'partitionBy' in attributes) || 'within' in attributes,
  );
}

export function indexOnPartitions(index: Index, needs: readonly string[], context: PlanContext): readonly Statement[] {
  const words = pathText(index.path);
  const isDeep = hasDeepPartitions(context);
  const base = { subject: index.id, needs, locks: lock('ShareUpdateExclusiveLock', index.attributes.on) };
  return [
    statement({
      ...base,
      sql: createIndexSql(index, 'ONLY'),
      purpose: `Create index ${words} on the parent alone; it becomes valid when every partition has its part.`,
      locks: lock('ShareLock', index.attributes.on),
      probe: `present index ${words}`,
      reverse: `DROP INDEX ${qualifiedName(index.path)}`,
    }),
    ...(isDeep
      ? [
          statement({
            ...base,
            step: 'expand',
            sql: buildSql(index, 'ONLY', ' AND NOT tree.isleaf'),
            purpose: `Create the part of ${words} on partitions that are partitioned again.`,
          }),
        ]
      : []),
    statement({
      ...base,
      step: 'expand',
      sql: buildSql(index, 'CONCURRENTLY', ' AND tree.isleaf'),
      purpose: `Build the part of ${words} on each partition, newest first; reads and writes go on.`,
      hazards: [hazard('index-build', index.id, 'reads every partition and waits for older transactions')],
    }),
    statement({
      ...base,
      step: 'expand',
      sql: attachSql(index, isDeep),
      purpose: `Attach the parts of ${words}; with the last one it is valid.`,
      makes: [index.id],
      probe: `valid index ${words}`,
    }),
  ];
}
