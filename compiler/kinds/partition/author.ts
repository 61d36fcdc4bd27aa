/**
 * A declared partition as source: a child in the `partitionBy` of its parent. What is on it alone (an
 * index, a key that the parent does not have) cannot stand there and is left opaque by its own kind.
 */
import { address, parseAddress } from '../../model/address.ts';
import { declaredNode, valueNode } from '../../model/source.ts';
import { field, item, leftOpaque, literalOf, type Author } from '../author.ts';
import { storageNode } from '../column-source.ts';
import { boundFields, modulusOf, partitionByNode } from '../partition-source.ts';
import type { Partition } from './object.ts';

const ofPartitions = new Set(['children', 'modulus']);

export const partitionAuthor: Author<Partition> = {
  writes: 'field',
  author: (partition, context) => {
    const { parent, bound, partitionBy, storageParameters } = partition.attributes;
    const [schema = '', name = ''] = partition.path;
    const given = context.fields(partition.id);
    const rows = boundFields(bound);
    if (rows === undefined) return leftOpaque(partition, 'its bound is of no form that the schema language has');
    const own = {
      doc: undefined,
      schema:
        schema === parseAddress(parent)?.path[0]
          ? undefined
          : schema === 'public'
            ? valueNode(schema)
            : declaredNode(address('schema', schema)),
      ...rows,
      storageParameters: storageNode(storageParameters),
      partitionBy: partitionBy === undefined ? undefined : partitionByNode(partitionBy, given, partition.dependsOn, context),
    };
    const literal = literalOf(
      own,
      given.filter((piece) => !ofPartitions.has(piece.field)),
    );
    const modulus = modulusOf(bound);
    return [
      item(parent, 'children', literal, { name, isComputed: false }),
      ...(modulus === undefined ? [] : [field(parent, 'modulus', valueNode(modulus))]),
    ];
  },
};
