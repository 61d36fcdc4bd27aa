/**
 * An index on a partitioned table that holds rows: an invalid one on the parent alone, one built
 * concurrently on each partition, attached; valid when the last is (rule book I6). Partitions are
 * found when the migration is applied, since it must not name one. A partition made in between gets
 * the index by itself. Every step finds what is left to do, so it can be run again.
 */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName, quoteText, qualifiedName } from '../../sql/quote.ts';
import { hazard, lock } from '../statements.ts';
import { indexBody, indexRelation } from './clause.ts';
import type { Index } from './object.ts';

/** The name of a partition's index: the partition's, a mark and a hash of the parent index, within 63 bytes. */
function childName(index: Index): string {
  return `left(child.relname, 63 - 13) || '_' || substr(md5(${quoteText(index.path[1] ?? '')}), 1, 12)`;
}

/** Partitions without an index attached to the parent's, as `child` with its schema, and the depth in the tree. */
function lacking(index: Index, more: string): string {
  return [
    `FROM pg_partition_tree(${quoteText(indexRelation(index))}::regclass) tree`,
    'JOIN pg_class child ON child.oid = tree.relid JOIN pg_namespace child_schema ON child_schema.oid = child.relnamespace',
    `WHERE tree.level > 0 AND ${more}`,
    '  AND NOT EXISTS (',
    '    SELECT FROM pg_index attached JOIN pg_inherits link ON link.inhrelid = attached.indexrelid',
    `    JOIN pg_partition_tree(${quoteText(qualifiedName(index.path))}::regclass) index_tree ON index_tree.relid = attached.indexrelid`,
    '    WHERE attached.indrelid = tree.relid)',
  ].join('\n');
}

const notBuilt = (index: Index): string =>
  `\n  AND NOT EXISTS (SELECT FROM pg_class built WHERE built.relname = ${childName(index)} AND built.relnamespace = child.relnamespace)`;

export function indexOnPartitions(index: Index, needs: readonly string[]): readonly Statement[] {
  const table = index.attributes.on;
  const unique = index.attributes.unique ? 'UNIQUE ' : '';
  const body = indexBody(index).replaceAll('%', '%%').replaceAll("'", "''");
  const words = pathText(index.path);
  const base = { subject: index.id, needs };
  const format = (template: string, ...values: readonly string[]): string => `SELECT format('${template}', ${values.join(', ')})`;
  const build = (modifier: string, more: string, order: string): string =>
    `${format(`CREATE ${unique}INDEX ${modifier} %I ON ${modifier === '' ? 'ONLY ' : ''}%I.%I ${body}`.replace('INDEX  ', 'INDEX '), childName(index), 'child_schema.nspname', 'child.relname')}\n${lacking(index, more)}${notBuilt(index)}\nORDER BY ${order}`;
  return [
    statement({
      ...base,
      sql: `CREATE ${unique}INDEX ${quoteName(index.path[1] ?? '')} ON ONLY ${indexRelation(index)} ${indexBody(index)}`,
      purpose: `Create index ${words} on the parent alone; it becomes valid when every partition has its part.`,
      locks: lock('ShareLock', table),
      probe: `present ${index.id}`,
      reverse: `DROP INDEX ${qualifiedName(index.path)}`,
    }),
    statement({
      ...base,
      step: 'expand',
      sql: build('', 'NOT tree.isleaf', 'tree.level'),
      purpose: `Create the part of ${words} on partitions that are partitioned again.`,
    }),
    statement({
      ...base,
      step: 'expand',
      sql: build('CONCURRENTLY', 'tree.isleaf', 'child.relname DESC'),
      purpose: `Build the part of ${words} on each partition, newest first; reads and writes go on.`,
      hazards: [hazard('index-build', index.id, 'reads every partition and waits for older transactions')],
    }),
    statement({
      ...base,
      step: 'expand',
      sql: `${format(`ALTER INDEX %s ATTACH PARTITION %I.%I`, parentIndex(index), 'child_schema.nspname', childName(index))}\n${lacking(index, 'true')}\nORDER BY tree.level DESC`,
      purpose: `Attach the parts of ${words}; with the last one it is valid.`,
      makes: [index.id],
      probe: `valid ${index.id}`,
    }),
  ];
}

/** The index that a child's is attached to: the parent partition's part, or the index itself at the first level. */
function parentIndex(index: Index): string {
  return [
    `CASE WHEN tree.level = 1 THEN ${quoteText(qualifiedName(index.path))} ELSE (`,
    `SELECT format('%I.%I', parent_schema.nspname, left(parent.relname, 63 - 13) || '_' || substr(md5(${quoteText(index.path[1] ?? '')}), 1, 12))`,
    'FROM pg_class parent JOIN pg_namespace parent_schema ON parent_schema.oid = parent.relnamespace WHERE parent.oid = tree.parentrelid) END',
  ].join(' ');
}
