/**
 * A declared partition as source: a child in the `partitionBy` of its parent. What is on it alone (an
 * index, a key that the parent does not have) cannot stand there and is left opaque by its own kind.
 */
import { address, parseAddress } from '../../model/address.ts';
import { partsOf, rootOf } from '../../model/object.ts';
import { declaredNode, valueNode } from '../../model/source.ts';
import { field, item, leftOpaque, literalOf, type Author, type AuthorContext } from '../author.ts';
import { storageNode } from '../column-source.ts';
import { columnNamed } from '../key-source.ts';
import { partitionGap } from '../partition-gaps.ts';
import { boundFields, modulusOf, partitionByNode, partitionKey } from '../partition-source.ts';
import type { Partition } from './object.ts';

const ofPartitions = new Set(['children', 'modulus', 'gaps']);

/** The labels of the enum that a list is of. */
function labelsOf(partition: Partition, { state, typeCalled }: AuthorContext): readonly string[] | undefined {
  const key = (state.get(partition.attributes.parent)?.attributes as { readonly partitionBy?: string } | undefined)?.partitionBy;
  const [column] = key === undefined ? [] : partitionKey(key).keys.map(columnNamed);
  const root = rootOf(partition, state);
  const type = column === undefined ? undefined : state.get(address('column', ...(parseAddress(root)?.path ?? []), column))?.attributes;
  const named = typeof type === 'object' && 'type' in type ? typeCalled(String(type.type)) : undefined;
  const { values } = (named === undefined ? {} : (state.get(named)?.attributes ?? {})) as { readonly values?: readonly string[] };
  return values;
}

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
    const siblings = partsOf(context.state, parent).flatMap(({ path, attributes }) =>
      'bound' in attributes ? [{ name: path[1] ?? '', bound: String(attributes.bound) }] : [],
    );
    const hasGap = partitionGap(siblings, labelsOf(partition, context)) !== undefined;
    const modulus = modulusOf(bound);
    return [
      item(parent, 'children', literal, { name, isComputed: false }),
      ...(hasGap ? [field(parent, 'gaps', valueNode(true))] : []),
      ...(modulus === undefined ? [] : [field(parent, 'modulus', valueNode(modulus))]),
    ];
  },
};
