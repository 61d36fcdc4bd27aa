/** A table as source: the literal that columns, keys, checks, indexes and partitions put themselves into. */
import { arrayNode, callNode, objectNode, valueNode, type SourceNode } from '../../model/source.ts';
import { declarationOf, leftOpaque, literalOf, schemaField, type Author } from '../author.ts';
import { storageNode, unlessUsual } from '../column-source.ts';
import { partitionByNode } from '../partition-source.ts';
import type { Table } from './object.ts';

const ofPartitions = new Set(['children', 'modulus', 'gaps', 'partition rule']);

/** JavaScript puts keys that are whole numbers before all others, and `__proto__` is no key: both would lose the columns' order. */
const losesOrder = /^(0|[1-9]\d*|__proto__)$/;

/** The columns by name, or in a list where an object literal would not keep them as they are. */
function columnsNode(columns: SourceNode | undefined): SourceNode {
  if (columns?.node !== 'object') return objectNode({});
  if (!columns.entries.some(({ key }) => losesOrder.test(key))) return columns;
  return arrayNode(columns.entries.map(({ key, value }) => callNode('column', valueNode(key), value)));
}

export const tableAuthor: Author<Table> = {
  writes: 'declaration',
  inSql: 'name',
  author: (table, context) => {
    const { partitionBy, persistence, storageParameters, rowSecurity, tablespace, accessMethod, replicaIdentity } = table.attributes;
    if (table.attributes.inherits !== undefined) return leftOpaque(table, 'it inherits from another table');
    const fields = context.fields(table.id);
    const word = context.isExternal(table.id) ? 'externalTable' : 'table';
    const own = {
      doc: undefined,
      schema: context.isExternal(table.id) && table.path[0] !== 'public' ? valueNode(table.path[0] ?? '') : schemaField(table),
      columns: { node: 'object', entries: [] } as const,
      primaryKey: undefined,
      uniques: undefined,
      checks: undefined,
      foreignKeys: undefined,
      exclusions: undefined,
      indexes: undefined,
      statistics: undefined,
      partitionBy: partitionBy === undefined ? undefined : partitionByNode(partitionBy, fields, table.dependsOn, context),
      persistence: unlessUsual(persistence, 'permanent'),
      storageParameters: storageNode(storageParameters),
      rowSecurity: unlessUsual(rowSecurity, 'off'),
      tablespace: unlessUsual(tablespace, ''),
      accessMethod: unlessUsual(accessMethod, ''),
      replicaIdentity: unlessUsual(replicaIdentity, ''),
    };
    const literal = literalOf(
      own,
      fields.filter(({ field }) => !ofPartitions.has(field)),
    );
    const entries = literal.entries.map((entry) => (entry.key === 'columns' ? { ...entry, value: columnsNode(entry.value) } : entry));
    return [declarationOf(table, 'table', 'own', callNode(word, valueNode(table.path[1] ?? ''), { ...literal, entries }))];
  },
};
