/** A sequence as source, beside the table of the column that owns it. An identity column has none of its own. */
import { address, parseAddress } from '../../model/address.ts';
import { arrowNode, callNode, objectNode, valueNode, type SourceNode } from '../../model/source.ts';
import { qualifiedName, quoteText } from '../../sql/quote.ts';
import { declarationOf, literalOf, schemaField, type Author } from '../author.ts';
import { unlessUsual } from '../column-source.ts';
import { sequenceFields } from '../sequence-source.ts';
import type { Sequence } from './object.ts';

function owner({ attributes }: Sequence): { readonly table: string; readonly node: SourceNode } | undefined {
  const [schema, name, column] = parseAddress(attributes.ownedBy ?? '')?.path ?? [];
  if (schema === undefined || name === undefined || column === undefined) return undefined;
  const table = address('table', schema, name);
  return { table, node: objectNode({ table: arrowNode(table), column: valueNode(column) }) };
}

export const sequenceAuthor: Author<Sequence> = {
  writes: 'declaration',
  // What nextval() and its like take.
  inSql: ({ path }) => `${quoteText(qualifiedName(path))}::regclass`,
  author: (sequence, context) => {
    const { type, persistence } = sequence.attributes;
    const owned = owner(sequence);
    const own = {
      doc: undefined,
      schema: schemaField(sequence),
      type: unlessUsual(type, 'bigint'),
      ...sequenceFields(type, sequence.attributes),
      persistence: unlessUsual(persistence, ''),
      ownedBy: owned?.node,
    };
    const value = callNode('sequence', valueNode(sequence.path[1] ?? ''), literalOf(own, context.fields(sequence.id)));
    return [declarationOf(sequence, 'sequence', owned === undefined ? { file: 'sequences' } : { beside: owned.table }, value)];
  },
};
