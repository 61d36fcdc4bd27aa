/**
 * A column as source: the word for its type with its options, `text({ doc: '…' })`. Where a foreign key
 * makes a reference of it, the key gives the call and the type is not written.
 */
import { address } from '../../model/address.ts';
import { callNode, objectNode, valueNode, type CallNode, type SourceNode } from '../../model/source.ts';
import { withoutBrackets } from '../../sql/list.ts';
import { item, leftOpaque, literalOf, type Author, type AuthorContext } from '../author.ts';
import { collationNode, columnCall, flagNode, storageNode } from '../column-source.ts';
import { sequenceFields } from '../sequence-source.ts';
import type { Column } from './object.ts';

function identityNode({ attributes }: Column): SourceNode | undefined {
  const { identity, type } = attributes;
  if (identity === undefined) return undefined;
  const options = objectNode(sequenceFields(type, identity));
  const generation = valueNode(identity.generation);
  return options.entries.length === 0
    ? generation
    : { ...options, entries: [{ key: 'generation', value: generation }, ...options.entries] };
}

function generatedNode({ attributes, dependsOn }: Column, context: AuthorContext): SourceNode | undefined {
  const { generated } = attributes;
  if (generated === undefined) return undefined;
  const expression = context.sql(withoutBrackets(generated.expression), dependsOn);
  return generated.form === 'stored' ? expression : objectNode({ expression, form: valueNode(generated.form) });
}

export const columnAuthor: Author<Column> = {
  writes: 'field',
  author: (column, context) => {
    const { type, nullable, collation, storage, compression, statistics, options: told = {} } = column.attributes;
    if (column.attributes.notNull !== undefined) return leftOpaque(column, 'its NOT NULL is not validated or not inherited');
    const given = context.fields(column.id);
    const own = {
      doc: undefined,
      nullable: flagNode(nullable),
      onDelete: undefined,
      onUpdate: undefined,
      match: undefined,
      deferral: undefined,
      default: undefined,
      identity: identityNode(column),
      generated: generatedNode(column, context),
      collation: collationNode(collation),
      storage: storage === undefined ? undefined : valueNode(storage),
      compression: compression === undefined ? undefined : valueNode(compression),
      statistics: statistics === undefined ? undefined : valueNode(statistics),
      attributeOptions: storageNode(told),
      constraint: undefined,
    };
    const options = literalOf(
      own,
      given.filter((piece) => piece.field !== 'reference'),
    );
    const reference = given.find((piece) => piece.field === 'reference')?.value as CallNode | undefined;
    const value =
      reference === undefined ? columnCall(type, options, context) : callNode(reference.callee, ...reference.arguments, options);
    const [schema = '', table = '', name = ''] = column.path;
    return [item(address('table', schema, table), 'columns', value, { name, isComputed: false })];
  },
};
